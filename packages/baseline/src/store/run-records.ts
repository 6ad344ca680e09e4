import { PerfError, messageOf, usageError, type Run, type VerdictKind } from '@perfkeel/core';
import type { Records } from './records.ts';
import { decodeRun, encodeRun } from './run-json.ts';

/** What a list shows of a run. */
export interface RunSummary {
  readonly id: string;
  /** SHA-256 of the stored text. */
  readonly sha: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly project: string;
  readonly verdict: VerdictKind;
  /** How many benchmarks were planned. */
  readonly benchmarks: number;
}

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

const objectKey = (sha: string): string => `objects/${sha.slice(0, 2)}/${sha}.json`;
const objectPattern = /^objects\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.json$/;

export function runRecords(records: Records): RunRecords {
  // Records never change, so a summary that was made once stays true for as long as its key is listed.
  const known = new Map<string, RunSummary>();

  async function readRun(key: string): Promise<{ run: Run; sha: string } | undefined> {
    const record = await records.read(key);
    if (!record) return undefined;
    try {
      return { run: decodeRun(record.text, record.place), sha: record.sha };
    } catch (error) {
      // Its hash is right, so this is what somebody stored: another version may read it. It stays where it is.
      records.warn({ code: 'unreadable-run', message: `left out: ${messageOf(error)}` });
      return undefined;
    }
  }

  async function listRuns(): Promise<readonly RunSummary[]> {
    const summaries: RunSummary[] = [];
    for (const key of await records.keys('objects/', objectPattern)) {
      const summary = known.get(key) ?? summarise(await readRun(key));
      if (!summary) continue;
      known.set(key, summary);
      summaries.push(summary);
    }
    return summaries.sort(newestFirst);
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

function summarise(found: { run: Run; sha: string } | undefined): RunSummary | undefined {
  if (!found) return undefined;
  const { id, startedAt, provenance, verdict, plan } = found.run;
  const { sha } = found;
  return {
    id,
    sha,
    startedAt,
    project: provenance.project,
    verdict: verdict.kind,
    benchmarks: plan.benchmarks.length,
  };
}

function newestFirst(a: RunSummary, b: RunSummary): number {
  const [earlier, later] = [Date.parse(a.startedAt), Date.parse(b.startedAt)];
  if (earlier !== later) return later - earlier;
  if (a.id !== b.id) return a.id < b.id ? 1 : -1;
  return a.sha < b.sha ? -1 : 1;
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
