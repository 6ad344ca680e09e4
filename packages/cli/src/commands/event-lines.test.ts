import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '@perfkeel/runner';
import { afterAll, expect, it } from 'vitest';
import { attacks } from '../../../report/test/support/attacks.ts';
import { failing } from '../../../report/test/support/fixtures.ts';
import type { Io } from '../io.ts';
import { createEventLines, endLines } from './event-lines.ts';
import { writeReports } from './reporters.ts';

const folder = mkdtempSync(join(tmpdir(), 'perfkeel-events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let printed = '';
const stdout = { write: (text: string) => (printed += text) };
const io: Io = { cwd: folder, env: {}, stdout, stderr: stdout, onSignal: () => undefined };

const { run } = failing();
const error = { code: 'threw', message: attacks.ansi, exitCode: 4 as const };
const events: readonly RunEvent[] = [
  { type: 'examined', fitness: { fit: true, smallestChange: 0.02, findings: [] } },
  { type: 'planned', plan: run.plan, rounds: 21 },
  { type: 'round', benchmark: 'checkout', round: 0, done: 0, rounds: 21 },
  { type: 'progress', benchmark: 'checkout', text: '1 of 2' },
  { type: 'output', benchmark: 'checkout', text: 'what the code prints' },
  { type: 'measured', benchmark: 'checkout', round: 0, result: { measurements: [] } },
  { type: 'failed', failure: { benchmark: 'checkout', round: 1, error } },
  {
    type: 'retried',
    benchmark: 'checkout',
    retry: { what: 'starting', attempt: 1, reason: attacks.ansi, pauseMs: 250 },
  },
];

const linesOf = (text: string): readonly Record<string, unknown>[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('what happens is a line when it happens, and the fates of objectives come last', async () => {
  const file = join(folder, 'made', 'events.ndjson');
  const tell = createEventLines([{ file }, {}], io);
  expect(readFileSync(file, 'utf8')).toBe('');
  for (const [i, event] of events.entries()) {
    tell(event);
    expect(linesOf(readFileSync(file, 'utf8'))).toHaveLength(i < 4 ? i + 1 : i);
  }
  const context = { root: folder, noChange: 0.05, exitCode: 4, terminal: {} };
  expect(await writeReports({ run }, [{ name: 'ndjson', file }], context, io)).toBeUndefined();
  const lines = linesOf(readFileSync(file, 'utf8'));
  expect(lines.map(({ type }) => type)).toEqual([
    ...['examined', 'planned', 'round', 'progress', 'measured', 'failed', 'retried'],
    ...run.judgements.map(() => 'objective'),
    'ended',
  ]);
  expect(lines[1]).toMatchObject({ rounds: 21, benchmarks: [{ id: 'checkout', kind: 'load', rounds: 3 }, {}, {}, {}] });
  expect(lines[5]).toMatchObject({ benchmark: 'checkout', round: 1, code: 'threw', message: attacks.ansi });
  expect(lines[6]).toMatchObject({
    benchmark: 'checkout',
    what: 'starting',
    attempt: 1,
    reason: attacks.ansi,
    pauseMs: 250,
  });
  expect(lines[7]).toMatchObject({ benchmark: 'checkout', objective: 'p99 < 110ms', verdict: 'fail' });
  expect(lines.at(-1)).toMatchObject({ run: run.id, verdict: 'could-not-measure', exitCode: 4, interrupted: false });
  expect(printed).toBe(readFileSync(file, 'utf8').split('\n').slice(0, 7).join('\n') + '\n');
});

it('no name commands a terminal, and none is lost', () => {
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
});

it('a file that cannot be written is told before anything is measured', () => {
  expect(() => createEventLines([{ file: join(folder, 'made', 'events.ndjson', 'below') }], io)).toThrow(
    expect.objectContaining({ code: 'not-writable', exitCode: 4 }),
  );
});

it('a run of which nothing was told while it measured is told by its end', async () => {
  const file = join(folder, 'end.ndjson');
  const context = { root: folder, noChange: 0.05, exitCode: 4, terminal: {} };
  await writeReports({ run }, [{ name: 'ndjson', file }], context, io);
  await writeReports({ run }, [{ name: 'ndjson', file }], context, io);
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(endLines({ run }, 4));
  expect(linesOf(endLines({ run }, 4)).flatMap(({ lo, hi }) => [lo, hi])).toContain('Infinity');
});
