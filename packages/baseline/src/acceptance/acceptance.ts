import { units, usageError } from '@perfkeel/core';
import { canonicalJson } from '../store/canonical-json.ts';
import type { AcceptedSize } from './accepted-size.ts';

/** The version of the file that this code writes. */
const schemaVersion = 1;

/**
 * A regression that people want to have: a reviewed file of the branch that makes it. When the branch is merged, the
 * series that it names begin a new epoch: what was measured before is no longer what later runs are held against.
 */
export interface Acceptance extends AcceptedSize {
  /** The name of its file, without `.json`: letters, digits and dashes. */
  readonly id: string;
  /** Which comparisons: `checkout`, `checkout p99`, `parse *`. */
  readonly pattern: string;
  /** Why, for whoever reviews it. */
  readonly reason: string;
  /** The last day on which it holds, `2027-01-31`, UTC. */
  readonly expires?: string | undefined;
  /** When it was written, ISO 8601. */
  readonly at: string;
  /** The commit that was HEAD then. */
  readonly sha?: string | undefined;
}

export const longestPattern = 200;
export const longestReason = 500;
const fields = ['schemaVersion', 'kind', 'id', 'pattern', 'reason', 'max', 'maxDifference', 'expires', 'at', 'sha'];
const ids = /^[a-z0-9][a-z0-9-]{0,80}$/;
const day = /^\d{4}-\d{2}-\d{2}$/;

export const encodeAcceptance = (acceptance: Acceptance): string =>
  canonicalJson({ schemaVersion, kind: 'acceptance', ...acceptance });

/** Whether a text is a day that exists. */
export const isDay = (text: string): boolean =>
  day.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/**
 * Reads a file of `.perfkeel/accepted`. Strict: a field that is misspelt would be one that silently does not hold.
 *
 * @param where the file, for the message
 * @throws PerfError `bad-acceptance`, exit code 2
 */
export function decodeAcceptance(text: string, where: string): Acceptance {
  const value = parse(text);
  const version = value?.['schemaVersion'];
  if (typeof version === 'number' && version > schemaVersion) {
    throw usageError(`${where} was written by a newer perfkeel: it has schema version ${version}`, {
      code: 'bad-acceptance',
      hint: `This one reads up to ${schemaVersion}. Update perfkeel: npm install --save-dev perfkeel@latest.`,
    });
  }
  const problem = value === undefined ? 'it is no JSON object' : problemOf(value);
  if (problem === undefined) return fieldsOf(value!);
  throw usageError(`${where} accepts nothing: ${problem}`, {
    code: 'bad-acceptance',
    hint: 'Write it again with perfkeel accept, or delete it.',
  });
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most;
const isAbsentOr = (value: unknown, holds: (value: unknown) => boolean): boolean => value === undefined || holds(value);

const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0;

function isDifference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { value: size, unit } = value as Fields;
  return isPositive(size) && units.some((known) => known === unit);
}

function problemOf(value: Fields): string | undefined {
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  const rules: readonly (readonly [boolean, string])[] = [
    [value['schemaVersion'] === schemaVersion, `schemaVersion is not ${schemaVersion}`],
    [value['kind'] === 'acceptance', 'kind is not "acceptance"'],
    [unknown === undefined, `it has the field ${JSON.stringify(unknown)}, which is none of an acceptance`],
    [typeof value['id'] === 'string' && ids.test(value['id']), 'id is not made of small letters, digits and dashes'],
    [isText(value['pattern'], longestPattern), `pattern is not a text of 1 to ${longestPattern} characters`],
    [isText(value['reason'], longestReason), `reason is not a text of 1 to ${longestReason} characters`],
    [typeof value['at'] === 'string' && !Number.isNaN(Date.parse(value['at'])), 'at is not a time'],
    [isAbsentOr(value['max'], isPositive), 'max is not a share above 0'],
    [isAbsentOr(value['maxDifference'], isDifference), 'maxDifference is not { value, unit } of a change above 0'],
    [isAbsentOr(value['expires'], (end) => typeof end === 'string' && isDay(end)), 'expires is not a day'],
    [isAbsentOr(value['sha'], (sha) => typeof sha === 'string' && /^[0-9a-f]{7,64}$/.test(sha)), 'sha is no commit'],
  ];
  return rules.find(([holds]) => !holds)?.[1];
}

function fieldsOf(value: Fields): Acceptance {
  const entries = Object.entries(value).filter(([name]) => name !== 'schemaVersion' && name !== 'kind');
  return Object.fromEntries(entries) as unknown as Acceptance;
}
