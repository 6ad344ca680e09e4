import { canonicalJson } from '../store/canonical-json.ts';
import type { HistoryReport } from './analyse-history.ts';

/** The version of the text that `encodeHistory` writes. Fields are added without a new one. */
export const historyVersion = 1;

/**
 * A history report as JSON, for dashboards and other programs: `schemaVersion`, `series`, `environments`; keys in
 * alphabetical order. Values are in the base unit of their series, changes are shares. What JSON has no number for is a
 * string: `"Infinity"`, `"-Infinity"`.
 */
export const encodeHistory = (report: HistoryReport): string =>
  canonicalJson({ schemaVersion: historyVersion, ...report });
