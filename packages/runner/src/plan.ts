import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import {
  PerfError,
  createRng,
  shuffled,
  usageError,
  type BenchmarkPlan,
  type Inventory,
  type Nanos,
  type TargetSpec,
} from '@perfkeel/core';
import type { Bundle } from './bundle.ts';
import type { DeclarationData } from './protocol.ts';

/** A benchmark of the plan, with what is needed to measure it here. */
export interface PlannedBenchmark {
  readonly plan: BenchmarkPlan;
  readonly bundle: Bundle;
  /** The position among the declarations of its file. */
  readonly index: number;
  readonly target?: TargetSpec | undefined;
  /** How long a round lasts by its own plan. */
  readonly lasts?: Nanos | undefined;
}

/** A perf file with what it declares. */
export interface DeclaredFile {
  readonly bundle: Bundle;
  readonly declarations: readonly DeclarationData[];
  /** What the file says about the work of each, as hashes. */
  readonly benchmarkHashes?: readonly string[] | undefined;
}

export interface Selection {
  /** Where paths begin. @default the whole path counts */
  readonly root?: string | undefined;
  /** Where the paths begin that words are looked for in. @default root */
  readonly wordsFrom?: string | undefined;
  /** Parts of names, or, of words that are in no name, of paths of perf files; any of them is enough. */
  readonly names?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** One round of one benchmark: the unit of work and of statistics. */
export interface PlannedRound {
  readonly benchmark: PlannedBenchmark;
  readonly round: number;
}

/**
 * Turns declarations into benchmarks with unique names.
 *
 * @param rounds overrides what the declarations say
 * @throws PerfError `duplicate-name` (exit 2) when two declarations of the project share a name.
 */
export function planBenchmarks(
  files: readonly DeclaredFile[],
  selection: Selection = {},
  rounds?: number,
): PlannedBenchmark[] {
  const all = files.flatMap((file) =>
    file.declarations.map((declaration, index) => plannedBenchmark(file, declaration, index, rounds)),
  );
  refuseDuplicates(all);
  refuseTakenNames(all);
  return all.filter(isSelectedBy(selection, all));
}

function plannedBenchmark(
  { bundle, benchmarkHashes }: DeclaredFile,
  declaration: DeclarationData,
  index: number,
  rounds?: number,
): PlannedBenchmark {
  const { name, target, version, ...data } = declaration;
  const formerNames = formerNamesOf(declaration);
  const benchmarkHash = benchmarkHashes?.[index];
  const { kind, group, variant, tags, metrics, primary, comparedBy, quantiles, objectives, expected, location } = data;
  return {
    bundle,
    index,
    target,
    lasts: data.lasts,
    plan: {
      id: name,
      kind,
      group,
      variant,
      tags,
      metrics,
      primary,
      comparedBy,
      quantiles,
      objectives,
      rounds: rounds ?? data.rounds,
      expected,
      location: location && { ...location, file: bundle.source },
      sourceHash: bundle.hash,
      ...(formerNames.length > 0 ? { renamedFrom: formerNames } : {}),
      ...(version === undefined ? {} : { version }),
      ...(benchmarkHash === undefined ? {} : { benchmarkHash }),
    },
  };
}

/** The names that it had before. Who renames a family renames all of its members. */
function formerNamesOf({ name, renamedFrom = [], variant }: DeclarationData): string[] {
  const rest = variant !== undefined && name.startsWith(variant.family) ? name.slice(variant.family.length) : '';
  return renamedFrom.map((former) => (former.endsWith(rest) ? former : former + rest));
}

/** What there is beside what was chosen. @param unread perf files that were not declared, from the project with `/` */
export const inventoryOf = (files: readonly DeclaredFile[], unread: readonly string[]): Inventory => ({
  benchmarks: files.flatMap(({ declarations }) => declarations.map(({ name }) => name)).sort(),
  unread: [...unread].sort(),
});

/** A name has one history: that of whoever bears it. */
function refuseTakenNames(benchmarks: readonly PlannedBenchmark[]): void {
  const owners = new Map(benchmarks.map(({ plan }) => [plan.id, plan]));
  for (const { plan } of benchmarks) {
    for (const former of plan.renamedFrom ?? []) {
      const owner = owners.get(former);
      if (owner === undefined) {
        owners.set(former, plan);
        continue;
      }
      const who = owner.id === former ? 'another benchmark is called that' : `so was ${JSON.stringify(owner.id)}`;
      throw usageError(`${JSON.stringify(plan.id)} cannot have been renamed from ${JSON.stringify(former)}: ${who}`, {
        code: 'name-taken',
        hint: 'A history goes on in one benchmark: take renamedFrom away, or rename the other.',
        location: plan.location,
        excerpt: 'renamedFrom',
      });
    }
  }
}

/** The folder of the nearest package.json. */
function packageOf(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Two packages may use one name, when each is measured as a project of its own. */
function apart(one: string | undefined, other: string | undefined): string {
  if (one === undefined || other === undefined || packageOf(one) === packageOf(other)) return '';
  const [first, second] = [packageOf(one), packageOf(other)] as const;
  // In a folder around the other both are found again.
  const folders = [first, second].filter((folder) => ![first, second].some((each) => each.startsWith(folder + sep)));
  const commands = folders.map((folder) => `perfkeel run -C ${relative(process.cwd(), folder) || '.'}`);
  return `, or measure their projects apart: ${commands.join(', ')}`;
}

function refuseDuplicates(benchmarks: readonly PlannedBenchmark[]): void {
  const seen = new Map<string, PlannedBenchmark>();
  for (const benchmark of benchmarks) {
    const { id, location } = benchmark.plan;
    const earlier = seen.get(id)?.plan.location;
    if (seen.has(id)) {
      throw usageError(`two benchmarks are called ${JSON.stringify(id)}`, {
        code: 'duplicate-name',
        hint: `Results are found again by name: rename one${apart(earlier?.file, location?.file)}. The other is at ${earlier ? `${relative(process.cwd(), earlier.file)}:${earlier.line}` : 'another place'}.`,
        location,
        excerpt: id,
      });
    }
    seen.set(id, benchmark);
  }
}

/** Names that an error may list. */
const mostListed = 20;

/** What a command ends with whose words, kinds or tags fit nothing. @param ids of what there is */
export function nothingFits(ids: readonly string[]): PerfError {
  const names = [...new Set(ids)].map((id) => JSON.stringify(id));
  const more = names.length - mostListed;
  const listed = [...names.slice(0, mostListed), ...(more > 0 ? [`and ${more} more, see perfkeel list`] : [])];
  return new PerfError('no benchmark fits the selection', {
    code: 'nothing-to-run',
    hint: names.length === 0 ? 'perfkeel list shows what there is.' : `There are: ${listed.join(', ')}.`,
  });
}

const matches = (wanted: readonly string[] | undefined, fits: (word: string) => boolean): boolean =>
  wanted === undefined || wanted.length === 0 || wanted.some(fits);

const holds = (text: string, word: string): boolean => text.toLowerCase().includes(word.toLowerCase());

/**
 * Whether words of a command line mean a benchmark: one that is part of a name of any means names; another one means the
 * perf files whose path, from `root`, it is part of. Without words all are meant.
 *
 * @param ids of every benchmark there is
 */
export function fitsWords(
  words: readonly string[] | undefined,
  ids: readonly string[],
  root: string,
): (id: string, file: string) => boolean {
  const inNames = new Set(words?.filter((word) => ids.some((id) => holds(id, word))));
  return (id, file) =>
    matches(words, (word) => holds(inNames.has(word) ? id : relative(root, file).replaceAll('\\', '/'), word));
}

function isSelectedBy(
  { root = '/', wordsFrom = root, names, kinds, tags }: Selection,
  all: readonly PlannedBenchmark[],
): (benchmark: PlannedBenchmark) => boolean {
  const ids = all.map(({ plan }) => plan.id);
  const isMeant = fitsWords(names, ids, wordsFrom);
  return ({ plan, bundle }) =>
    isMeant(plan.id, bundle.source) &&
    matches(kinds, (kind) => plan.kind === kind) &&
    matches(tags, (tag) => plan.tags.includes(tag));
}

/**
 * The order of all rounds: one round of every benchmark, in random order, then the next round of every benchmark. A
 * disturbance of some seconds then falls on all alike instead of on one. Seeded: the same plan, the same order.
 */
export function orderRounds(benchmarks: readonly PlannedBenchmark[], seed: number): PlannedRound[] {
  const rng = createRng(seed);
  const most = Math.max(0, ...benchmarks.map(({ plan }) => plan.rounds));
  return Array.from({ length: most }, (_, round) =>
    shuffled(
      benchmarks.filter(({ plan }) => plan.rounds > round),
      rng,
    ).map((benchmark) => ({ benchmark, round })),
  ).flat();
}
