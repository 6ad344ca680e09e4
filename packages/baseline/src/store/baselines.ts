import { nearest, usageError } from '@perfkeel/core';
import { requireBaselineName } from './baseline-name.ts';
import { decodeBaseline, encodeBaseline, newestVersionFirst, type BaselineVersion } from './baseline-record.ts';
import { decodeName, encodeName } from './object-key.ts';
import type { Records } from './records.ts';
import { requireTime } from './require-time.ts';
import { requireStaying } from './retention/prune.ts';
import type { RunRecords } from './run-records.ts';

/** A name and the run that it stands for now. */
export interface Baseline extends BaselineVersion {
  readonly name: string;
}

/** A baseline with everything that it ever stood for, newest first. */
export interface BaselineHistory extends Baseline {
  readonly versions: readonly BaselineVersion[];
}

export interface SetBaselineOptions {
  /** ISO 8601. */
  readonly at: string;
  readonly reason?: string | undefined;
}

/** The baselines of a store. Setting one adds a record; nothing is ever replaced, and concurrent writers lose nothing. */
export interface Baselines {
  /**
   * @param run id or hash of a stored run, or the beginning of either
   * @throws PerfError `bad-baseline-name`, `bad-time`, `run-not-found` or `run-ambiguous` (exit code 2), or
   * `store-not-writable` (exit code 4)
   */
  setBaseline(name: string, run: string, options: SetBaselineOptions): Promise<Baseline>;
  /** All baselines, by name. */
  listBaselines(): Promise<readonly Baseline[]>;
  /** All baselines with their versions, by name. */
  listBaselineHistories(): Promise<readonly BaselineHistory[]>;
  /**
   * The newest version that was measured in a class of environments; without one the newest of all, which `compareRuns`
   * will not compare with. `why` says which it was, for people.
   *
   * @throws PerfError `no-baseline`, exit code 2.
   */
  baselineFor(name: string, environment: string): Promise<{ readonly baseline: Baseline; readonly why: string }>;
  /** @throws PerfError `no-baseline` with the names that there are, exit code 2. */
  showBaseline(name: string): Promise<BaselineHistory>;
}

const prefix = 'baselines/';
const pattern = /^baselines\/([^/]+)\/\d{8}-[0-9a-f]{64}\.json$/;
const folderOf = (name: string): string => `${prefix}${encodeName(name)}/`;
const keyOf = (name: string, sequence: number, sha: string): string =>
  `${folderOf(name)}${String(sequence).padStart(8, '0')}-${sha}.json`;

export function baselines(records: Records, runs: RunRecords): Baselines {
  async function listBaselineHistories(): Promise<readonly BaselineHistory[]> {
    const keys = await records.keys(prefix, pattern);
    const names = new Set<string>();
    for (const key of keys) {
      const name = decodeName(pattern.exec(key)![1]!);
      if (name === undefined) await records.setAside(key, 'is below a folder that is no name of a baseline');
      else names.add(name);
    }
    const all: BaselineHistory[] = [];
    for (const name of [...names].sort()) {
      const own = keys.filter((key) => key.startsWith(folderOf(name)));
      const versions = await versionsIn(records, name, own);
      if (versions[0]) all.push({ name, ...versions[0], versions });
    }
    return all;
  }

  async function listBaselines(): Promise<readonly Baseline[]> {
    return (await listBaselineHistories()).map(({ versions: _, ...baseline }) => baseline);
  }

  async function showBaseline(name: string): Promise<BaselineHistory> {
    const wanted = requireBaselineName(name);
    const versions = await versionsOf(records, wanted);
    if (versions[0]) return { name: wanted, ...versions[0], versions };
    const names = (await listBaselines()).map((baseline) => baseline.name);
    const meant = nearest(wanted, names);
    const guess = meant === undefined ? '' : `; was it ${meant}?`;
    throw usageError(`there is no baseline called ${JSON.stringify(name)}${guess}`, {
      code: 'no-baseline',
      hint: names.length > 0 ? `There are ${names.join(', ')}.` : `Set one: perfkeel baseline set ${wanted} <run>.`,
    });
  }

  return {
    listBaselines,
    listBaselineHistories,
    async setBaseline(name, run, { at, reason }) {
      const wanted = requireBaselineName(name);
      requireTime(at);
      const { id, sha, environment } = await runs.findRun(run);
      const [newest] = await versionsOf(records, wanted);
      const sequence = (newest?.sequence ?? 0) + 1;
      const version = { run: id, sha, at, sequence, environment, ...(reason === undefined ? {} : { reason }) };
      await records.write(encodeBaseline(wanted, version), (hash) => keyOf(wanted, sequence, hash));
      await requireStaying(records, sha, id);
      return { name: wanted, ...version };
    },
    showBaseline,
    baselineFor: async (name, environment) => versionFor(await showBaseline(name), environment),
  };
}

function versionFor(
  { versions, ...newest }: BaselineHistory,
  environment: string,
): { readonly baseline: Baseline; readonly why: string } {
  const { name } = newest;
  const same = versions.find((version) => version.environment === environment);
  if (same) return { baseline: { name, ...same }, why: `${name}, version ${same.sequence}, of this environment` };
  const why = `${name}, version ${newest.sequence}: none was measured in an environment like this`;
  return { baseline: newest, why };
}

async function versionsOf(records: Records, name: string): Promise<BaselineVersion[]> {
  return await versionsIn(records, name, await records.keys(folderOf(name), pattern));
}

async function versionsIn(records: Records, name: string, keys: readonly string[]): Promise<BaselineVersion[]> {
  const versions: BaselineVersion[] = [];
  const read = await Promise.all(keys.map((key) => records.read(key)));
  for (const [i, key] of keys.entries()) {
    const record = read[i];
    if (!record) continue;
    const version = decodeBaseline(record.text, name);
    if (version === 'newer') {
      records.warn({ code: 'newer-baseline', message: `left out: a newer perfkeel wrote ${record.place}` });
    } else if (version === undefined) {
      await records.setAside(key, `is no version of the baseline ${name}`);
    } else {
      versions.push(version);
    }
  }
  return versions.sort(newestVersionFirst);
}
