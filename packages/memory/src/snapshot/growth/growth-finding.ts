import { formatNumber, formatQuantity } from '@perfkeel/core';
import type { AllocationSite } from '../allocation-site.ts';

/** What one container gained over the intervals between snapshots. Rates are per iteration. */
export interface GrowthFinding {
  /** In plain words: `EventEmitter.listeners 'data' of Bus`. */
  readonly container: string;
  /** The expression that leads there, as far as variables and properties do: `bus._events.data`. */
  readonly at: string;
  /** Such as `module app/bus.ts`. */
  readonly keeper: string | undefined;
  /** The way from the root, one step each, in plain words. */
  readonly path: readonly string[];
  readonly objectsPerIteration: number;
  readonly bytesPerIteration: number;
  /** The smaller interval's growth over the larger one's, in [0, 1]; nothing with two snapshots, which have only one. */
  readonly steady: number | undefined;
  /** What is kept, by class, largest first: objects per iteration and bytes per iteration. */
  readonly classes: readonly { readonly name: string; readonly count: number; readonly bytes: number }[];
  /** The id of the container in all snapshots; 0 for what is outside the engine. */
  readonly nodeId: number;
  readonly allocatedAt?: readonly AllocationSite[];
  readonly sentence: string;
  readonly remedy: string;
}

/** `EventEmitter.listeners 'data' of Bus (bus._events.data), kept by module app/bus.ts: +1 closure, 312 B per iteration`. */
export function growthSentence(finding: Omit<GrowthFinding, 'sentence' | 'remedy'>, per = 'iteration'): string {
  const { container, at, keeper, objectsPerIteration, bytesPerIteration, classes } = finding;
  const [first] = classes;
  const what = first === undefined ? 'object' : first.name;
  const place = at === '' || container.endsWith(` ${at}`) ? '' : ` (${at})`;
  const kept = keeper === undefined ? '' : `, kept by ${keeper}`;
  const count = objectsPerIteration > 0 ? `+${formatNumber(rounded(objectsPerIteration))} ${what}, ` : '';
  return `${container}${place}${kept}: ${count}${formatQuantity(bytesPerIteration, 'B')} per ${per}`;
}

/** One object more or less in hundreds of iterations is the edge of a snapshot, and no rate. */
const rounded = (rate: number): number => (Math.abs(rate - Math.round(rate)) < 0.02 ? Math.round(rate) : rate);
