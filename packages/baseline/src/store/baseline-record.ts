import { canonicalJson } from './canonical-json.ts';

/** The version of the record that this code writes. 1 had no `environment`; a reader of 1 would choose among all machines. */
const schemaVersion = 2;

/** One setting of a baseline: an immutable record. */
export interface BaselineVersion {
  /** The id of the run. */
  readonly run: string;
  /** The SHA-256 of the stored run. */
  readonly sha: string;
  /** When it was set, ISO 8601. */
  readonly at: string;
  readonly reason?: string | undefined;
  /** The class of the environment of the run; absent in records of version 1. */
  readonly environment?: string | undefined;
  /** One more than what its writer had seen: a later setting wins, whatever the clocks of the machines say. */
  readonly sequence: number;
}

export const encodeBaseline = (name: string, version: BaselineVersion): string =>
  canonicalJson({ schemaVersion, kind: 'baseline', name, ...version });

/** `newer` for a record of a later version, `undefined` for what is none at all. */
export function decodeBaseline(text: string, name: string): BaselineVersion | 'newer' | undefined {
  const value = parse(text);
  if (value['kind'] !== 'baseline' || typeof value['schemaVersion'] !== 'number') return undefined;
  if (value['schemaVersion'] > schemaVersion) return 'newer';
  const { run, sha, at, reason, sequence, environment } = value;
  if (value['name'] !== name || typeof run !== 'string' || typeof sha !== 'string') return undefined;
  if (typeof at !== 'string' || !Number.isSafeInteger(sequence)) return undefined;
  const where = value['schemaVersion'] >= 2 && typeof environment === 'string' ? { environment } : {};
  const base = { run, sha, at, sequence: sequence as number, ...where };
  return typeof reason === 'string' ? { ...base, reason } : base;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const order = (a: string | number, b: string | number): number => (a < b ? 1 : a > b ? -1 : 0);

/** A total order on what is in the records, so that two copies of a store agree once they hold the same records. */
export const newestVersionFirst = (a: BaselineVersion, b: BaselineVersion): number =>
  order(a.sequence, b.sequence) || order(Date.parse(a.at), Date.parse(b.at)) || order(a.sha, b.sha);
