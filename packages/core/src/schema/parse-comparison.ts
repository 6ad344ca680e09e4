import type { ComparisonReport } from '../run.ts';
import { comparisonSchema } from './comparison-schema.ts';
import { corrupt, refuseNewer } from './refusals.ts';

/** The version that this code reads. A file says none until there is a second one. */
const comparisonVersion = 1;

/**
 * Reads a comparison out of what `JSON.parse` gave: the inverse of `toJsonable`. A verdict that is better than that of
 * one of its comparisons is refused; texts are as they were written, and may hold anything.
 *
 * @param where the file, for the message
 * @throws PerfError `newer-comparison` when a later perfkeel wrote it, `corrupt-comparison` when it is none; exit code 4.
 */
export function parseComparison(value: unknown, where: string): ComparisonReport {
  refuseNewer(value, where, { code: 'newer-comparison', reads: comparisonVersion });
  const result = comparisonSchema.safeParse(value);
  if (result.success) return result.data;
  throw corrupt(result.error, value, { code: 'corrupt-comparison', what: `${where} is not a comparison` });
}
