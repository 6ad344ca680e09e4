import { resolve } from 'node:path';
import { inMemlabProcess } from './memlab-process.ts';

export interface MemlabOptions {
  /** A module or folder beside which `@memlab/heap-analysis` is looked for. @default beside this package */
  readonly from?: string | undefined;
  /** @default 600000 */
  readonly timeoutMs?: number | undefined;
}

export interface MemlabSizes {
  /** Retained size in bytes, by the id of the object. */
  readonly sizes: ReadonlyMap<number, number>;
  /** Wall time of reading and analysing, in milliseconds, and the largest resident set meanwhile, in bytes. */
  readonly durationMs: number;
  readonly peakRss: number;
}

const program = `
  const began = performance.now();
  const heap = await memlab.getFullHeapFromFile(input.file);
  const durationMs = performance.now() - began;
  const count = heap.nodes.length;
  const pairs = new Float64Array(2 * count + 2);
  pairs[0] = durationMs;
  pairs[1] = process.resourceUsage().maxRSS * 1024;
  heap.nodes.forEach((node, i) => { pairs[2 * i + 2] = node.id; pairs[2 * i + 3] = node.retainedSize; });
  answer(new Uint8Array(pairs.buffer));
`;

/**
 * What memlab says about the retained sizes of a snapshot that is not compressed: a second opinion.
 *
 * @throws PerfError `no-memlab` when the optional peer is not installed, `memlab-failed` when it cannot read the file.
 */
export async function memlabRetainedSizes(file: string, options: MemlabOptions = {}): Promise<MemlabSizes> {
  const bytes = await inMemlabProcess({ ...options, program, input: { file: resolve(file) } });
  const pairs = new Float64Array(new Uint8Array(bytes).buffer);
  const sizes = new Map<number, number>();
  for (let i = 2; i < pairs.length; i += 2) sizes.set(pairs[i]!, pairs[i + 1]!);
  return { sizes, durationMs: pairs[0]!, peakRss: pairs[1]! };
}
