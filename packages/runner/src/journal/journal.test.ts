import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metrics, type BenchmarkPlan } from '@perfkeel/core';
import { closeUnfinished, goneFiles, missingRounds } from './close-unfinished.ts';
import { readEnvironment } from '../environment.ts';
import { createRunId } from '../run-id.ts';
import type { HalfRound, JournalEntry, JournalHead } from './journal-entry.ts';
import { refuseDifferences } from './plan-differences.ts';
import { unfinishedRuns, type UnfinishedRuns } from './unfinished-runs.ts';

let folder: string;
let runs: UnfinishedRuns;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'perfkeel-journal-')), 'unfinished');
  runs = unfinishedRuns(folder);
});
afterEach(() => rmSync(dirname(folder), { recursive: true }));

const benchmark: BenchmarkPlan = {
  ...{ id: 'a', kind: 'known', tags: [], metrics: [metrics.responseTime], primary: 'response-time', quantiles: true },
  ...{ objectives: ['p50 < 1s'], rounds: 3, sourceHash: 'f00d' },
};
const head = (startedAt = new Date(), benchmarks = [benchmark]): JournalHead => ({
  id: createRunId(startedAt),
  startedAt: startedAt.toISOString(),
  plan: { seed: 1, short: false, benchmarks },
  environment: readEnvironment(),
  provenance: { project: 'p', tool: 'perfkeel 1.0.0', sha: 'c0ffee' },
  selected: { filters: ['a'], rounds: 3 },
  remembered: { against: 'main', strict: true },
});
const entry = (round: number, value: number = round): JournalEntry => ({
  ...{ elapsedMs: 100 * round, benchmark: 'a', round, failures: [] },
  measurements: [
    {
      ...{ benchmark: 'a', metric: 'response-time', round, dropped: 0, warnings: [] },
      data: { kind: 'sample', values: [value, Infinity, NaN] },
    },
  ],
});
const failed = (round: number): JournalEntry => ({
  ...entry(round),
  ...{ measurements: [], failures: [{ benchmark: 'a', round, error: { code: 'threw', message: 'no', exitCode: 4 } }] },
});
const half: HalfRound = { ...entry(2), elapsedMs: 555, afterMs: 31_000, ofMs: 40_000 };
const journalOf = (id: string): string => join(folder, id, 'journal.ndjson');

/** A run with rounds, whose process is gone. */
async function written(of: JournalHead, ...entries: JournalEntry[]): Promise<void> {
  const journal = await runs.begin(of);
  for (const one of entries) await journal.add(one);
  expect(journal.problem).toBe(undefined);
  rmSync(join(folder, of.id, 'owner.json'));
}

describe('a journal', () => {
  it('hands back what was written, numbers that JSON does not know included', async () => {
    const of = head();
    await written(of, entry(0), failed(1));
    const [run] = await runs.list();
    expect(run).toMatchObject({ head: JSON.parse(JSON.stringify(of)) as object, entries: [entry(0), failed(1)] });
    expect(run!.length).toBe(statSync(journalOf(of.id)).size);
    expect(await runs.find()).toEqual(run);
  });

  it.each([
    ['torn', (text: string) => text.slice(0, -20), 1],
    ['torn, but for its line end', (text: string) => text.slice(0, -1), 1],
    ['of zeros, as after a loss of power', (text: string) => text + '\0'.repeat(300), 2],
    ['damaged in its middle', (text: string) => text.replace('"round":0', '"round":x'), 0],
    ['of a round that is there already', (text: string) => text + text.split('\n')[1]!.replace('[0,', '[7,') + '\n', 2],
  ])('whose end is %s is read up to there, and goes on from there', async (_, damage, left) => {
    const of = head();
    await written(of, entry(0), entry(1));
    writeFileSync(journalOf(of.id), damage(readFileSync(journalOf(of.id), 'utf8')));
    const run = await runs.find();
    expect(run.entries).toEqual([entry(0), entry(1)].slice(0, left));
    const journal = await runs.goOn(run);
    await journal.add(entry(2));
    expect(journal.problem).toBe(undefined);
    const [after] = await runs.list();
    expect(after!.entries).toEqual([...[entry(0), entry(1)].slice(0, left), entry(2)]);
  });

  it('without a whole first line, or of another version, is none', async () => {
    const of = head();
    await written(of, entry(0));
    const text = readFileSync(journalOf(of.id), 'utf8');
    for (const damaged of ['', text.slice(0, 50), text.replace('"journalVersion":1', '"journalVersion":2')]) {
      writeFileSync(journalOf(of.id), damaged);
      expect(await runs.list()).toEqual([]);
    }
  });

  it('writes later what could not be written', async () => {
    const of = head();
    const journal = await runs.begin(of);
    await journal.add(entry(0));
    // A folder where the file was: no write succeeds.
    const text = readFileSync(journalOf(of.id));
    rmSync(journalOf(of.id));
    mkdirSync(journalOf(of.id));
    await journal.add(entry(1));
    expect(journal.problem).toBeInstanceOf(Error);
    rmSync(journalOf(of.id), { recursive: true });
    writeFileSync(journalOf(of.id), Buffer.concat([text, Buffer.from('{"what a failed write left')]));
    await journal.add(entry(2));
    expect(journal.problem).toBe(undefined);
    expect((await runs.list())[0]!.entries).toEqual([entry(0), entry(1), entry(2)]);
  });

  it('that was removed meanwhile is no reason to stop', async () => {
    const of = head();
    const journal = await runs.begin(of);
    rmSync(folder, { recursive: true });
    await journal.add(entry(0));
    await journal.keepHalf(half);
    expect(journal.problem).toBeInstanceOf(Error);
    expect(existsSync(folder)).toBe(false);
  });

  it('keeps the last of a round under way, until that round is over', async () => {
    const of = head();
    const journal = await runs.begin(of);
    await journal.keepHalf({ ...half, afterMs: 1 });
    await journal.keepHalf(half);
    expect((await runs.list())[0]!.half).toEqual({ ...half, failures: undefined });
    await journal.add(entry(2));
    expect((await runs.list())[0]!.half).toBe(undefined);
  });
});

describe('unfinished runs', () => {
  it('are found by the beginning of their id; the newest that nobody works on without one', async () => {
    const [old, middle, newest] = [1e12, 2e12, 3e12].map((time) => head(new Date(time)));
    await written(old!, entry(0));
    await written(middle!);
    await runs.begin(newest!);
    expect((await runs.find()).head.id).toBe(middle!.id);
    expect((await runs.find(old!.id.slice(0, 10).toLowerCase())).head.id).toBe(old!.id);
    await expect(runs.find('0')).rejects.toMatchObject({ code: 'run-ambiguous', exitCode: 2 });
    await expect(runs.find('ZZ')).rejects.toMatchObject({ code: 'nothing-unfinished', exitCode: 2 });
    await expect(runs.find(newest!.id)).rejects.toMatchObject({
      code: 'run-under-way',
      message: `run ${newest!.id} is still under way, in process ${process.pid}`,
    });
    await runs.remove(middle!.id);
    await runs.remove(old!.id);
    await expect(runs.find()).rejects.toThrow('every unfinished run here is still under way');
  });

  it('of a process whose id another one has by now are not under way', async () => {
    const of = head();
    await runs.begin(of);
    const file = join(folder, of.id, 'owner.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"started":"[^"]*"/, '"started":"before"'));
    const [run] = await runs.list();
    expect(run!.owner).toBe(process.platform === 'linux' ? undefined : process.pid);
  });

  it('are forgotten after 30 days, and nothing else is', async () => {
    const [old, recent, active] = [head(), head(), head()];
    for (const of of [old, recent]) await written(of, entry(0));
    await runs.begin(active);
    const other = join(folder, 'notes');
    mkdirSync(other);
    const day = 24 * 3600;
    const age = (path: string, days: number): void =>
      utimesSync(path, Date.now() / 1000 - days * day, Date.now() / 1000 - days * day);
    for (const [id, days] of [
      [old.id, 31],
      [recent.id, 29],
      [active.id, 31],
    ] as const) {
      age(journalOf(id), days);
      age(join(folder, id), days);
    }
    age(other, 90);
    await runs.sweep();
    expect((await runs.list()).map(({ head }) => head.id).sort()).toEqual([recent.id, active.id].sort());
    expect(existsSync(other)).toBe(true);
  });

  it('there are none where there is no folder', async () => {
    expect(await runs.list()).toEqual([]);
    await runs.sweep();
    await expect(runs.find()).rejects.toThrow('no unfinished run is kept here');
  });
});

describe('closing a run as it is', () => {
  const of = head();
  const run = { head: of, length: 0 };

  it('is interrupted, with everything that was measured, and what a half round had', () => {
    const closed = closeUnfinished({ ...run, entries: [entry(0), entry(1)], half });
    expect(closed).toMatchObject({ id: of.id, startedAt: of.startedAt, interrupted: true, durationMs: 555 });
    expect(closed.measurements.map(({ round }) => round)).toEqual([0, 1, 2]);
    expect(closed.measurements[2]!.warnings).toEqual([
      {
        code: 'half-round',
        message: 'round 3 did not come to its end: this is what it had measured after 31 s of 40 s',
        forbids: 'verdict',
      },
    ]);
    expect(closed.verdict.kind).toBe('inconclusive');
  });

  it('is no interruption when only its end is missing', () => {
    expect(closeUnfinished({ ...run, entries: [entry(0), entry(1), entry(2)] }).interrupted).toBe(false);
    expect(closeUnfinished({ ...run, entries: [entry(0), failed(1)] })).toMatchObject({
      interrupted: false,
      verdict: { kind: 'could-not-measure' },
    });
  });

  it('counts what is missing, and sees that a perf file is gone', () => {
    expect(missingRounds({ ...run, entries: [] })).toBe(3);
    expect(missingRounds({ ...run, entries: [entry(0), failed(1)] })).toBe(0);
    const place = (file: string): BenchmarkPlan => ({ ...benchmark, location: { file, line: 1, column: 1 } });
    const there = new URL(import.meta.url).pathname;
    expect(
      goneFiles({ head: head(new Date(), [place(there), place('/gone.perf.ts'), place('/gone.perf.ts')]) }),
    ).toEqual(['/gone.perf.ts']);
  });
});

describe('going on', () => {
  const of = head();
  const differences = (change: Partial<JournalHead>): string[] => {
    try {
      refuseDifferences({ head: of, entries: [], length: 0 }, { root: '/p', ...of, ...change });
      return [];
    } catch (error) {
      expect(error).toMatchObject({ code: 'run-differs', exitCode: 2 });
      return (error as Error).message
        .split('\n')
        .slice(1)
        .map((line) => line.slice(5));
    }
  };
  const planned = (...benchmarks: BenchmarkPlan[]): Partial<JournalHead> => ({ plan: { ...of.plan, benchmarks } });

  const reversed = (plan: BenchmarkPlan): BenchmarkPlan =>
    Object.fromEntries(Object.entries(plan).reverse()) as unknown as BenchmarkPlan;

  it.each<[string, Partial<JournalHead>, string[]]>([
    ['nothing', {}, []],
    [
      'a place and the order of fields',
      planned({ ...reversed(benchmark), location: { file: '/p/a', line: 9, column: 1 } }),
      [],
    ],
    [
      'the code',
      planned({ ...benchmark, sourceHash: 'beef', location: { file: '/p/x/a.perf.ts', line: 1, column: 1 } }),
      ['"a" in x/a.perf.ts has changed: its code'],
    ],
    ['what it promises', planned({ ...benchmark, objectives: [], rounds: 4 }), ['"a" has changed: objectives, rounds']],
    ['its name', planned({ ...benchmark, id: 'b' }), ['"a" is no longer there', '"b" is new']],
    ['the commit', { provenance: { ...of.provenance, sha: 'decaf' } }, ['it was commit c0ffee, and is commit decaf']],
    [
      'the program',
      { provenance: { ...of.provenance, tool: 'perfkeel 2.0.0' } },
      ['it was perfkeel 1.0.0, and is perfkeel 2.0.0'],
    ],
    [
      'flags',
      { environment: { ...of.environment, class: 'x' } },
      ['the machine has other memory, another system or other flags for Node than the one that began the run'],
    ],
  ])('where %s changed', (_, change, expected) => {
    expect(differences(change)).toEqual(expected);
  });
});
