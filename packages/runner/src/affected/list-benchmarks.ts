import { join } from 'node:path';
import { declareFiles } from '../declare-files.ts';
import { planBenchmarks, type Selection } from '../plan.ts';

/** A benchmark that exists, whether it is measured or not. */
export interface ListedBenchmark {
  readonly id: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly objectives: readonly string[];
  readonly rounds: number;
  /** The perf file, absolute, with the line of the declaration. */
  readonly file: string;
  readonly line?: number | undefined;
}

export interface ListOptions extends Selection {
  /** The folder of the project, absolute. */
  readonly root: string;
  readonly files: readonly string[];
  readonly conditions?: readonly string[] | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of a file, by its path for people, that takes more than some seconds to read. */
  readonly onSlow?: ((file: string) => void) | undefined;
}

/** The benchmarks that perf files declare; nothing is measured. @throws PerfError (exit 2) for a wrong declaration. */
export async function listBenchmarks(options: ListOptions): Promise<ListedBenchmark[]> {
  const { root, files, conditions = [], timeoutMs = 300_000, signal = new AbortController().signal, onSlow } = options;
  const outdir = join(root, '.perf', 'bundles');
  const declared = await declareFiles(files, { root, outdir, conditions, timeoutMs, signal, onSlow });
  return planBenchmarks(declared, options).map(({ plan, bundle }) => {
    const { id, kind, tags, objectives, rounds, location } = plan;
    return { id, kind, tags, objectives, rounds, file: bundle.source, line: location?.line };
  });
}
