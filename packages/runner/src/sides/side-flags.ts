import type { Side } from './side.ts';

/**
 * Of micro-benchmarks, in runs and in comparisons alike, so that one may be held against the other: code is compiled in
 * the thread that runs it. When another thread does it, what it compiles depends on when it gets a processor, and
 * processes of the same code come out at two speeds: with a validator on a machine with neighbours, one process of five
 * was 10 to 20 % slower than the others, and with the flag none.
 */
export const flagsOfBench: readonly string[] = ['--no-concurrent-recompilation'];

/** Flags of Node for the processes of a kind of benchmark, beside those that every measuring process gets. */
export const flagsOfKind = (kind: string): readonly string[] => (kind === 'bench' ? flagsOfBench : []);

/** The flags that some of these benchmarks get. */
export const flagsOfSide = ({ benchmarks }: Side, ids: readonly string[]): readonly string[] => [
  ...new Set(benchmarks.flatMap(({ plan }) => (ids.includes(plan.id) ? flagsOfKind(plan.kind) : []))),
];
