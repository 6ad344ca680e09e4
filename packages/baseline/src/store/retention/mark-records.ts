import { canonicalJson } from '../canonical-json.ts';
import type { Records } from '../records.ts';

/** The version of the records that this code writes. */
const schemaVersion = 1;

/** Says that a run must stay, or no longer has to. Of several about one run that with the highest sequence holds. */
export interface PinRecord {
  readonly kind: 'pin' | 'unpin';
  /** The id of the run. */
  readonly run: string;
  readonly sha: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reason?: string | undefined;
  readonly sequence: number;
}

/** What somebody is about to delete. It is written before anything goes, so that whoever sets a baseline can see it. */
export interface DeletionPlan {
  readonly kind: 'deletion-plan';
  readonly runs: readonly { readonly run: string; readonly sha: string }[];
  readonly at: string;
  readonly reason?: string | undefined;
}

/** A plan that was carried out. Runs that it names and this does not were referred to in the meantime. */
export interface DeletionDone {
  readonly kind: 'deletion-done';
  /** The SHA-256 of the plan. */
  readonly plan: string;
  readonly removed: readonly string[];
  readonly at: string;
}

/** Says that a benchmark is called otherwise from a time on. */
export interface RenameRecord {
  readonly kind: 'rename';
  readonly project: string;
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly reason?: string | undefined;
}

export type MarkRecord = PinRecord | DeletionPlan | DeletionDone | RenameRecord;

const patterns = {
  pins: /^pins\/[0-9a-f]{64}\/\d{8}-[0-9a-f]{64}\.json$/,
  deletions: /^deletions\/[0-9a-f]{64}\.json$/,
  renames: /^renames\/[0-9a-f]{64}\.json$/,
} as const;

const pad = (sequence: number): string => String(sequence).padStart(8, '0');

/** Writes a mark, durably. @returns its hash */
export async function writeMark(records: Records, mark: MarkRecord): Promise<string> {
  const text = canonicalJson({ schemaVersion, ...mark });
  const written = await records.write(text, (sha) =>
    mark.kind === 'pin' || mark.kind === 'unpin'
      ? `pins/${mark.sha}/${pad(mark.sequence)}-${sha}.json`
      : `${mark.kind === 'rename' ? 'renames' : 'deletions'}/${sha}.json`,
  );
  return written.sha;
}

/** All marks of a kind with their hashes. What a newer perfkeel wrote is left where it is, and named in a warning. */
export async function readMarks(
  records: Records,
  kind: keyof typeof patterns,
): Promise<readonly { readonly sha: string; readonly mark: MarkRecord }[]> {
  const found: { sha: string; mark: MarkRecord }[] = [];
  const keys = await records.keys(`${kind}/`, patterns[kind]);
  const read = await Promise.all(keys.map((key) => records.read(key)));
  for (const [i, record] of read.entries()) {
    if (!record) continue;
    const mark = decodeMark(record.text);
    if (mark === 'newer') {
      records.warn({ code: 'newer-record', message: `left out: a newer perfkeel wrote ${record.place}` });
    } else if (mark === undefined) await records.setAside(keys[i]!, 'is no record of this store');
    else found.push({ sha: record.sha, mark });
  }
  return found;
}

const isSha = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isText = (value: unknown): value is string => typeof value === 'string';

function decodeMark(text: string): MarkRecord | 'newer' | undefined {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || typeof value['schemaVersion'] !== 'number') return undefined;
  if (value['schemaVersion'] > schemaVersion) return 'newer';
  const { kind, at, reason, run, sha, sequence, plan, runs, removed, project, from, to } = value;
  if (!isText(at) || (reason !== undefined && !isText(reason))) return undefined;
  const why = reason === undefined ? {} : { reason };
  if ((kind === 'pin' || kind === 'unpin') && isText(run) && isSha(sha) && Number.isSafeInteger(sequence)) {
    return { kind, run, sha, at, ...why, sequence: sequence as number };
  }
  if (kind === 'rename' && isText(project) && isText(from) && isText(to) && Number.isFinite(Date.parse(at))) {
    return { kind, project, from, to, at, ...why };
  }
  if (kind === 'deletion-done' && isSha(plan) && Array.isArray(removed) && removed.every(isSha)) {
    return { kind, plan, removed, at };
  }
  if (kind !== 'deletion-plan' || !Array.isArray(runs)) return undefined;
  const named = runs as readonly { readonly run?: unknown; readonly sha?: unknown }[];
  if (!named.every((each) => isText(each?.run) && isSha(each.sha))) return undefined;
  return { kind, runs: named.map((each) => ({ run: each.run as string, sha: each.sha as string })), at, ...why };
}
