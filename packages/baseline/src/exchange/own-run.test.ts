import { sampleRun } from '@perfkeel/core/testing';
import { expect, it } from 'vitest';
import { encodeRun } from '../store/run-json.ts';
import { importRuns } from './import-runs.ts';
import { joinRounds } from './join-rounds.ts';

const options = { file: 'run.json', at: 1e12 };
const run = sampleRun({ id: 'RUN-1' });

it('a run of our own comes in as it is, told by its schema or by name', () => {
  for (const format of ['auto', 'perfkeel']) {
    expect(importRuns(format, encodeRun(run), options)).toEqual({ format: 'perfkeel', runs: [run] });
  }
});

it.each([
  ['of a newer version', encodeRun(run).replace(/("schemaVersion": )1/, '$199'), {}, 'newer-run', 4],
  ['cut off', encodeRun(run).slice(0, 300), {}, 'corrupt-run', 4],
  ['that is to be of another machine', encodeRun(run), { machine: 'bench-2' }, 'bad-import', 2],
])('one %s is refused', (_, text, said, code, exitCode) => {
  expect(() => importRuns('auto', text, { ...options, ...said })).toThrow(
    expect.objectContaining({ code, exitCode, message: expect.stringContaining('run.json') as string }) as Error,
  );
});

it('it is no round of another one', () => {
  expect(() => joinRounds([run, sampleRun({ id: 'RUN-2' })])).toThrow('RUN-1 is a run of perfkeel, which has rounds');
});
