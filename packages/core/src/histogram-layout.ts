/**
 * The cell layout of HdrHistogram with three significant digits and a lowest value of 1, so that counts can be
 * exchanged with any other implementation cell by cell (Gil Tene, HdrHistogram, "internal representation").
 *
 *     bucket 0: [0, 2048) step 1 | bucket 1: [2048, 4096) step 2 | bucket 2: [4096, 8192) step 4 | ...
 *
 * Every value is kept within 1/1024 of itself. Values are whole numbers: nanoseconds, bytes.
 */
export const significantDigits = 3;
const subBucketHalf = 1024;
const subBuckets = 2048;

/** The largest value that can be told apart: 2^53 - 1, which is 104 days in nanoseconds. */
export const highestValue = Number.MAX_SAFE_INTEGER;

/** The number of cells for values up to `highestValue`: one half bucket for each power of two above 2^11. */
export const cellCount = (53 - 11 + 2) * subBucketHalf;

/** Bits needed to write a whole number. */
const bitLength = (value: number): number =>
  value < 2 ** 32 ? 32 - Math.clz32(value >>> 0) : 64 - Math.clz32(Math.floor(value / 2 ** 32));

const bucketOf = (value: number): number => (value < subBuckets ? 0 : bitLength(value) - 11);

/** Powers of two by bucket: a table, because `2 **` would cost most of a record. */
const steps = Float64Array.from({ length: 54 }, (_, bucket) => 2 ** bucket);

/** The cell of a whole, non-negative value. */
export function cellOf(value: number): number {
  const bucket = bucketOf(value);
  return bucket * subBucketHalf + Math.floor(value / steps[bucket]!);
}

/** The smallest value that falls into a cell. */
export function lowestOf(cell: number): number {
  const bucket = cell < subBuckets ? 0 : Math.floor(cell / subBucketHalf) - 1;
  return (cell - bucket * subBucketHalf) * 2 ** bucket;
}

/** The largest value that falls into a cell. */
export const highestOf = (cell: number): number => lowestOf(cell + 1) - 1;
