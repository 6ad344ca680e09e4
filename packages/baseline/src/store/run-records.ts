import { PerfError, messageOf, usageError, type Run } from '@perfkeel/core';
import type { RunIndex } from './index/run-index.ts';
import { runPoints } from './index/run-points.ts';
import type { IndexedRun } from './index/segment.ts';
import type { Records } from './records.ts';
import { decodeRun, encodeRun } from './run-json.ts';
import { newestFirst, summariseRun, type RunSummary } from './run-summary.ts';

/** The runs of a store. */
export interface RunRecords {
  /**
   * Stores a run under the hash of its text. Storing it again changes nothing.
   *
   * @throws PerfError `store-not-writable` or `not-encodable`, exit code 4.
   */
  saveRun(run: Run): Promise<{ readonly sha: string; readonly created: boolean }>;
  /** All runs that can be read, newest first. Damaged files are set aside; see `warnings` of the store. */
  listRuns(): Promise<readonly RunSummary[]>;
  /**
   * Finds one run by its id, its hash, or the beginning of either; case does not matter.
   *
   * @throws PerfError `run-not-found` or `run-ambiguous` with the candidates, exit code 2.
   */
  findRun(reference: string): Promise<RunSummary>;
  /** Like `findRun`, with everything that was measured. */
  loadRun(reference: string): Promise<Run>;
}

/** Where a run is. */
export const objectKey = (sha: string): string => `objects/${sha.slice(0, 2)}/${sha}.json`;
export const objectPattern = /^objects\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.json$/;

export function runRecords(records: Records, index: RunIndex): RunRecords {
  const { readRun, isUndecodable } = runReader(records);

  // Records never change, so what was read out of one stays true for as long as its key is listed.
  async function listRuns(): Promise<readonly RunSummary[]> {
    const keys = await records.keys('objects/', objectPattern);
    const known = await index.summaries();
    const summaries: RunSummary[] = [];
    const missing: string[] = [];
    for (const key of keys) {
      const summary = known.get(key.slice(-69, -5));
      if (summary) summaries.push(summary);
      else if (!isUndecodable(key)) missing.push(key);
    }
    for (const summary of await readMissing(missing, readRun, index)) summaries.push(summary);
    return newestFirst(summaries);
  }

  async function findRun(reference: string): Promise<RunSummary> {
    return pick(reference, await listRuns());
  }

  return {
    async saveRun(run) {
      return await records.write(encodeRun(run), objectKey);
    },
    listRuns,
    findRun,
    async loadRun(reference) {
      // Whoever has listed runs knows the hash: listing thousands again to find one would take longer than reading it.
      const known = (await index.summaries()).get(reference);
      const direct = known && (await readRun(objectKey(known.sha)));
      if (direct) return direct.run;
      const { sha, id } = await findRun(reference);
      const found = await readRun(objectKey(sha));
      if (found) return found.run;
      throw new PerfError(`the stored run ${id} is damaged or gone`, {
        code: 'corrupt-run',
        hint: records.warnings.at(-1)?.message,
      });
    },
  };
}

interface RunReader {
  /** `undefined` for what is damaged or cannot be decoded: warnings name it. */
  readonly readRun: (key: string) => Promise<FoundRun | undefined>;
  readonly isUndecodable: (key: string) => boolean;
}

interface FoundRun {
  readonly run: Run;
  readonly sha: string;
}

function runReader(records: Records): RunReader {
  // Whole, and of no use: what cannot be decoded once never can be.
  const undecodable = new Set<string>();
  return {
    isUndecodable: (key) => undecodable.has(key),
    async readRun(key) {
      const record = await records.read(key);
      if (!record) return undefined;
      try {
        return { run: decodeRun(record.text, record.place), sha: record.sha };
      } catch (error) {
        // Its hash is right, so this is what somebody stored: another version may read it. It stays where it is.
        records.warn({ code: 'unreadable-run', message: `left out: ${messageOf(error)}` });
        undecodable.add(key);
        return undefined;
      }
    },
  };
}

/** Reads runs that the index does not know, and tells it. */
async function readMissing(
  missing: readonly string[],
  readRun: RunReader['readRun'],
  index: RunIndex,
): Promise<readonly RunSummary[]> {
  const summaries: RunSummary[] = [];
  const names = new Map<string, string>();
  let waiting: IndexedRun[] = [];
  for (let i = 0; i < missing.length; i += atOnce) {
    const found = await Promise.all(missing.slice(i, i + atOnce).map(readRun));
    waiting.push(...found.flatMap((one) => indexed(one, names)));
    if (waiting.length < mostWaiting && i + atOnce < missing.length) continue;
    if (waiting.length > 0) await index.add(waiting);
    summaries.push(...waiting.map(({ summary }) => summary));
    waiting = [];
  }
  return summaries;
}

/** Runs read together: a round trip of a remote store serves many, and memory holds them. */
const atOnce = 50;

/**
 * Runs that the index gets together. Records are in the order of their hashes, and series are asked for by time: the more
 * the index can put in order, the less it reads later. Of runs of 300 metrics these are a hundred megabytes.
 */
const mostWaiting = 2000;

/** @param names one text for each key of a series, however many runs have it */
function indexed(found: FoundRun | undefined, names: Map<string, string>): IndexedRun[] {
  if (!found) return [];
  const points = runPoints(found.run).map((point) => {
    const key = names.get(point.key) ?? point.key;
    names.set(key, key);
    return { ...point, key };
  });
  return [{ summary: summariseRun(found.run, found.sha), points }];
}

const shown = 5;

function describe(runs: readonly RunSummary[]): string {
  const lines = runs.slice(0, shown).map((run) => `${run.id} (${run.sha.slice(0, 12)}, ${run.startedAt})`);
  return lines.join(', ') + (runs.length > shown ? ` and ${runs.length - shown} more` : '');
}

function pick(reference: string, runs: readonly RunSummary[]): RunSummary {
  const wanted = reference.trim().toLowerCase();
  const exact = runs.filter(({ id, sha }) => id.toLowerCase() === wanted || sha === wanted);
  const begins = runs.filter(({ id, sha }) => id.toLowerCase().startsWith(wanted) || sha.startsWith(wanted));
  const candidates = wanted === '' ? [] : exact.length > 0 ? exact : begins;
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length === 0) {
    const hint = runs.length === 0 ? 'No run is stored here.' : `Stored are ${describe(runs)}.`;
    throw usageError(`no stored run has an id or hash that begins with ${JSON.stringify(reference)}`, {
      code: 'run-not-found',
      hint,
    });
  }
  throw usageError(`${JSON.stringify(reference)} means ${candidates.length} stored runs`, {
    code: 'run-ambiguous',
    hint: `Write more of the id, or the hash: ${describe(candidates)}.`,
  });
}
