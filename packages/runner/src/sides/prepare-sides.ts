import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PerfError, messageOf, type Warning } from '@perfkeel/core';
import { bundleFile, type Bundle } from '../bundle.ts';
import { declareBundle, declareFiles, type DeclareOptions } from '../declare-files.ts';
import { declareEach, mapSome } from './declare-each.ts';
import { discover } from '../discover.ts';
import { nothingFits, planBenchmarks, type DeclaredFile, type PlannedBenchmark, type Selection } from '../plan.ts';
import { readProvenance } from '../provenance.ts';
import { retryRemark, retryText, type OnRetry } from '../retry/with-retries.ts';
import { artifactsOf, type Artifact, type KnownBundles } from './artifact.ts';
import { assertOwnCode } from './assert-own-code.ts';
import { buildPackages, packagesToBuild } from './build-side.ts';
import { changedFiles } from './changed-files.ts';
import { chooseBase, type ChosenBase } from './choose-base.ts';
import { checkOutBase, type Checkout } from './check-out-base.ts';
import type { Dependencies, Places } from './dependencies.ts';
import { goneRemarks } from './gone-files.ts';
import { bringLargeFiles } from './large-files.ts';
import { layOver, putBack, workloadOf } from './overlay.ts';
import type { NotCompared, Side } from './side.ts';
import { StepTimer } from './step-timer.ts';

export interface PrepareSidesOptions extends Pick<Selection, 'kinds' | 'tags'> {
  /** The folder of the project, absolute. Head is what lies there now, committed or not. */
  readonly root: string;
  /** A branch, tag or commit; the base is where head left it. */
  readonly against: string;
  /** What the branch of base is called, where `against` is a commit. */
  readonly branch?: string | undefined;
  readonly tool: string;
  readonly name?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly filters?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  readonly conditions?: readonly string[] | undefined;
  readonly roundTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is done now, in words. */
  readonly onStep?: ((text: string) => void) | undefined;
}

/** Milliseconds that were spent before anything was measured. */
export interface Preparation {
  readonly checkoutMs: number;
  readonly dependenciesMs: number;
  readonly buildMs: number;
  readonly declareMs: number;
}

/** Both sides, ready to be measured. */
export interface PreparedSides {
  readonly base: Side;
  readonly head: Side;
  readonly chosen: ChosenBase;
  readonly dependencies: Dependencies;
  readonly notCompared: readonly NotCompared[];
  readonly spent: Preparation;
  /** What had to be tried again. */
  readonly remarks: readonly Warning[];
  /** Removes the checkout of base. May be called any number of times. */
  remove(): Promise<void>;
}

const defaultTimeoutMs = 300_000;

/**
 * Makes the two sides of a comparison on this machine: the working tree as it is, and the merge-base with a ref in a
 * worktree of its own, with its own packages, built when the benchmarks need that, under head's perf files.
 *
 * @throws PerfError exit 2 for a base that is not to be found or wrong declarations of head; exit 4 when base cannot be
 * installed or built, or would run head's code (`base-imports-head`).
 */
export async function prepareSides(options: PrepareSidesOptions): Promise<PreparedSides> {
  const { root, signal = new AbortController().signal, onStep = () => undefined } = options;
  const timer = new StepTimer();
  const chosen = await chooseBase(root, options.against);
  onStep(`base is ${chosen.sha.slice(0, 7)}: ${chosen.reason}`);
  const remarks: Warning[] = [];
  const onRetry: OnRetry = (retry) => {
    remarks.push(retryRemark(retry));
    onStep(retryText(retry));
  };
  const { files, checkout } = await inParallel(options, chosen, signal, onRetry);
  const { worktree, places, dependencies } = checkout;
  if (dependencies !== 'none') onStep(`packages of base ${dependencies}`);
  timer.took(checkout.spent);
  timer.end('declareMs');
  try {
    remarks.push(...(await bringLargeFiles(places, chosen.sha)));
    // Parts of a project say nothing about what else it had.
    if ((options.filters ?? []).length === 0)
      remarks.push(...(await goneRemarks(namesOf(files, options.root), places, options)));
    const preparing = new Preparing(options, places, signal, timer, onStep);
    const sides = await preparing.sides(files, chosen);
    return { ...sides, chosen, dependencies, spent: timer.spent(), remarks, remove: () => worktree.remove() };
  } catch (error) {
    await worktree.remove();
    throw error;
  }
}

/** Head is read while base is checked out: neither needs the other. */
async function inParallel(
  options: PrepareSidesOptions,
  chosen: ChosenBase,
  signal: AbortSignal,
  onRetry: OnRetry,
): Promise<{ files: HeadFiles; checkout: Checkout }> {
  const found = await foundInHead(options);
  const stop = new AbortController();
  const checkout = checkOutBase(chosen, AbortSignal.any([signal, stop.signal]), onRetry);
  // It is waited for below; until then its failure is nobody's.
  checkout.catch(() => undefined);
  try {
    const declared = await declareEach(found.files, declareOptions(options.root, options, signal));
    return { files: { declared, names: found.names }, checkout: await checkout };
  } catch (error) {
    stop.abort();
    await checkout.then(
      ({ worktree }) => worktree.remove(),
      () => undefined,
    );
    throw error;
  }
}

const declareOptions = (root: string, options: PrepareSidesOptions, signal: AbortSignal): DeclareOptions => ({
  root,
  outdir: join(root, '.perf', 'bundles'),
  conditions: options.conditions ?? [],
  signal,
  timeoutMs: options.roundTimeoutMs ?? defaultTimeoutMs,
  onSlow: (file) => options.onStep?.(`reading ${file}`),
});

/** From the project. */
const namesOf = ({ declared }: HeadFiles, root: string): string[] =>
  declared.map(({ bundle }) => relative(root, bundle.source));

interface HeadFiles {
  readonly declared: readonly DeclaredFile[];
  readonly names: readonly string[];
}

async function foundInHead(options: PrepareSidesOptions): ReturnType<typeof discover> {
  const found = await discover(options.root, options);
  if (found.files.length > 0) return found;
  throw new PerfError(`no perf file was found in ${options.root}`, {
    code: 'nothing-to-run',
    hint: 'Name it *.perf.ts, or set `include` in perf.config.',
  });
}

/** The steps after both checkouts are there. */
class Preparing {
  readonly #options: PrepareSidesOptions;
  readonly #places: Places;
  readonly #signal: AbortSignal;
  readonly #timer: StepTimer;
  readonly #onStep: (text: string) => void;
  readonly #knownBundles: KnownBundles = new Map();
  #changed: readonly string[] = [];

  constructor(
    options: PrepareSidesOptions,
    places: Places,
    signal: AbortSignal,
    timer: StepTimer,
    onStep: (text: string) => void,
  ) {
    this.#options = options;
    this.#places = places;
    this.#signal = signal;
    this.#timer = timer;
    this.#onStep = onStep;
  }

  async sides(files: HeadFiles, chosen: ChosenBase): Promise<Pick<PreparedSides, 'base' | 'head' | 'notCompared'>> {
    const { root, tool, name } = this.#options;
    const baseRoot = join(this.#places.base, this.#places.project);
    const { declared, names } = await this.#built(files);
    const heads = this.#selected(declared, names);
    this.#changed = await changedFiles(chosen.toplevel, chosen.sha);
    const { bases, notCompared } = await this.#declareBase(declared, heads, baseRoot);
    const compared = new Set(bases.map(({ plan }) => plan.id));
    const both = heads.filter(({ plan }) => compared.has(plan.id));
    await assertOwnCode(bases, this.#places);
    const [ofBase, ofHead, inBase, inHead] = await Promise.all([
      this.#artifactsOf('base', bases),
      this.#artifactsOf('head', both),
      readProvenance(baseRoot, tool, name),
      readProvenance(root, tool, name),
    ]);
    const provenance = { ...inBase, branch: this.#options.branch ?? branchIn(chosen.ref), dirty: false };
    this.#timer.end('declareMs');
    return {
      base: { root: baseRoot, benchmarks: bases, artifacts: ofBase, provenance },
      head: { root, benchmarks: both, artifacts: ofHead, provenance: inHead },
      notCompared,
    };
  }

  #artifactsOf(side: 'base' | 'head', benchmarks: readonly PlannedBenchmark[]): Promise<Map<string, Artifact>> {
    const toplevel = this.#places[side];
    return artifactsOf(benchmarks, { changed: this.#changed, side, toplevel, known: this.#knownBundles });
  }

  #selected(declared: readonly DeclaredFile[], names: readonly string[]): PlannedBenchmark[] {
    const selected = planBenchmarks(declared, { ...this.#options, names });
    if (selected.length > 0) return selected;
    throw nothingFits(declared.flatMap(({ declarations }) => declarations.map(({ name }) => name)));
  }

  /** Both sides are built from what they are now: output of yesterday would be measured as if it were today's. */
  async #built(files: HeadFiles): Promise<HeadFiles> {
    const { root } = this.#options;
    const folders = await packagesToBuild(planBenchmarks(files.declared), root, this.#places.head);
    this.#timer.end('declareMs');
    if (folders.length === 0) return files;
    this.#onStep(`building ${folders.map((folder) => folder || 'the package').join(', ')} on both sides`);
    await buildPackages(folders, 'head', this.#places, this.#signal);
    await buildPackages(folders, 'base', this.#places, this.#signal);
    this.#timer.end('buildMs');
    const sources = files.declared.map(({ bundle }) => bundle.source);
    return {
      names: files.names,
      declared: await declareEach(sources, declareOptions(root, this.#options, this.#signal)),
    };
  }

  async #declareBase(
    declared: readonly DeclaredFile[],
    heads: readonly PlannedBenchmark[],
    baseRoot: string,
  ): Promise<{ bases: PlannedBenchmark[]; notCompared: NotCompared[] }> {
    await mkdir(baseRoot, { recursive: true });
    const bases: PlannedBenchmark[] = [];
    const notCompared: NotCompared[] = [];
    const wantedOf = ({ bundle: { source } }: DeclaredFile): readonly PlannedBenchmark[] =>
      heads.filter(({ bundle }) => bundle.source === source);
    const needed = declared.filter((file) => wantedOf(file).length > 0);
    const founds = await this.#declareAllInBase(needed, baseRoot);
    for (const [i, file] of needed.entries()) {
      const wanted = wantedOf(file);
      const found = founds[i]!;
      const known = new Map(found.benchmarks.map((benchmark) => [benchmark.plan.id, benchmark]));
      for (const { plan } of wanted) {
        const benchmark = known.get(plan.id);
        if (benchmark !== undefined && found.problem === undefined) bases.push(benchmark);
        else notCompared.push(notComparedOf(plan.id, benchmark !== undefined, found.problem));
      }
    }
    return { bases, notCompared };
  }

  /** Head's perf files in base; of one that does not run there, what base's own one declares. */
  async #declareAllInBase(files: readonly DeclaredFile[], baseRoot: string): Promise<InBase[]> {
    const workloads = files.map((file) => workloadOf(file, this.#places.head));
    for (const workload of workloads) await layOver(workload, this.#places);
    const tried = await mapSome(files, (file) => this.#declareInBase(file, baseRoot));
    const found: InBase[] = [];
    // One after the other, when nobody reads any more: files may share helpers that are put back.
    for (const [i, one] of tried.entries()) {
      const own = one.problem === undefined ? one : await this.#declareOwn(files[i]!, workloads[i]!, baseRoot);
      found.push({ ...own, ...(one.problem === undefined ? {} : { problem: one.problem }) });
    }
    return found;
  }

  #inBase = ({ bundle: { source } }: DeclaredFile): string =>
    join(this.#places.base, relative(this.#places.head, source));

  async #declareInBase(file: DeclaredFile, baseRoot: string): Promise<InBase> {
    const options = declareOptions(baseRoot, this.#options, this.#signal);
    try {
      const bundle = await bundleFile(this.#inBase(file), options);
      // A process that executes the same as one of head's declares the same.
      const same = await this.#executesTheSame(file, bundle);
      return { benchmarks: planBenchmarks([same ? { ...file, bundle } : await declareBundle(bundle, options)]) };
    } catch (error) {
      if (this.#signal.aborted || !(error instanceof PerfError)) throw error;
      return { benchmarks: [], problem: messageOf(error).split('\n')[0]! };
    }
  }

  async #executesTheSame(file: DeclaredFile, bundle: Bundle): Promise<boolean> {
    const [base, head] = await Promise.all([
      this.#artifactsOf('base', planBenchmarks([{ ...file, bundle }])),
      this.#artifactsOf('head', planBenchmarks([file])),
    ]);
    return [...head].every(([id, artifact]) => base.get(id) === artifact);
  }

  async #declareOwn(file: DeclaredFile, workload: readonly string[], baseRoot: string): Promise<InBase> {
    const options = declareOptions(baseRoot, this.#options, this.#signal);
    const known = await putBack(workload, this.#places);
    const declared = known ? await declareFiles([this.#inBase(file)], options).catch(() => []) : [];
    return { benchmarks: planBenchmarks(declared) };
  }
}

/** Records name the branch and not the remote; a commit is not of the branch that is called like it. */
const branchIn = (ref: string): string | undefined =>
  /^[0-9a-f]{7,64}$/.test(ref) ? undefined : ref.replace(/^origin\//, '');

interface InBase {
  readonly benchmarks: readonly PlannedBenchmark[];
  /** Why head's perf file does not run in base. */
  readonly problem?: string;
}

function notComparedOf(benchmark: string, inBase: boolean, problem: string | undefined): NotCompared {
  if (inBase) {
    const message = `${benchmark}: head's perf file does not run in base (${problem}), and base's own measures other work`;
    return { benchmark, code: 'incomparable', message };
  }
  return { benchmark, code: 'added', message: `${benchmark} is new: base has nothing to compare it with` };
}
