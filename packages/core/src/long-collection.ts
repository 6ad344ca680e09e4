import { formatQuantity } from './format.ts';
import { nanos, type Nanos } from './units.ts';

/** A garbage collection that held up the thread that sends or calls for long. */
export interface LongCollection {
  /** Its start, since the start of what is measured. */
  readonly at: Nanos;
  readonly took: Nanos;
}

/** What the engine tells of a collection, in milliseconds. */
interface CollectionEntry {
  readonly startTime: number;
  readonly duration: number;
}

/** Shorter ones are not seen among answers that take as long. */
const leastMs = 5;

/** A drawing has no room for more. */
const most = 16;

/** The long ones among collections, in the order in which they were told. */
export const longCollections = (entries: readonly CollectionEntry[], startMs: number): readonly LongCollection[] =>
  entries
    .filter(({ duration }) => duration >= leastMs)
    .map(({ startTime, duration }) => ({
      at: nanos(Math.round((startTime - startMs) * 1e6)),
      took: nanos(Math.round(duration * 1e6)),
    }));

/** The longest of many collections, in the order of time. */
export const longestOf = (all: readonly LongCollection[]): readonly LongCollection[] =>
  [...all]
    .sort((a, b) => b.took - a.took)
    .slice(0, most)
    .sort((a, b) => a.at - b.at);

/** How a drawing shows it. */
export const collectionMark = ({ at, took }: LongCollection): { readonly at: Nanos; readonly label: string } => ({
  at,
  label: `collection of ${formatQuantity(took, 'ns')}`,
});
