import { describe, expect, it } from 'vitest';
import { parseRun } from './parse-run.ts';
import { runFile } from '../test/run-file.ts';

const parse = (run: unknown) => parseRun(JSON.stringify(run));

describe('parseRun', () => {
  it('counts objectives, and tells misses that were declared from those that were not', () => {
    const run = runFile({
      verdict: 'fail',
      planned: ['clean', { id: 'leaky', expected: 'fail' }, 'skipped'],
      judged: [
        ['clean', 'pass'],
        ['clean', 'warn'],
        ['clean', 'fail'],
        ['leaky', 'fail'],
        ['leaky', 'pass'],
        ['clean', 'inconclusive'],
        ['clean', 'could-not-measure'],
      ],
    });
    expect(parse(run)).toEqual({
      kind: 'measured',
      verdict: 'fail',
      reasons: ['p99 is 3ms, limit 2ms'],
      benchmarks: { judged: 2, planned: 3 },
      objectives: { kept: 3, missed: 1, expected: 1, undecided: 2 },
      durationMs: 1500,
      interrupted: false,
      short: false,
    });
  });

  it('knows an interrupted run', () => {
    expect(parse({ ...runFile({}), interrupted: true })).toMatchObject({ kind: 'measured', interrupted: true });
  });

  const whole = runFile({});
  it.each([
    ['{ "verdict": ', /^run\.json: .*JSON/],
    ['', /^run\.json: .*JSON/],
    ['[]', 'run.json: the file is [], expected an object'],
    ['null', 'run.json: the file is null, expected an object'],
    ['{}', 'run.json: verdict is missing, expected an object'],
    [
      { ...whole, verdict: { kind: 'splendid' } },
      'run.json: a verdict is "splendid", expected pass, warn, inconclusive, fail, could-not-measure',
    ],
    [{ ...whole, plan: {} }, 'run.json: plan.benchmarks is missing, expected a list'],
    [{ ...whole, benchmarks: 3 }, 'run.json: benchmarks is 3, expected a list'],
    [{ ...whole, judgements: [null] }, 'run.json: an entry of judgements is null, expected an object'],
    [{ ...whole, judgements: [{}] }, 'run.json: judgement.verdict is missing, expected an object'],
    [{ ...whole, durationMs: '1s' }, 'run.json: durationMs is "1s", expected milliseconds'],
    [{ ...whole, durationMs: -1 }, 'run.json: durationMs is -1, expected milliseconds'],
  ])('says what is wrong with %j', (content, why) => {
    const result = parseRun(typeof content === 'string' ? content : JSON.stringify(content));
    expect(result.kind).toBe('unreadable');
    if (typeof why === 'string') expect(result).toEqual({ kind: 'unreadable', why });
    else expect('why' in result && result.why).toMatch(why);
  });
});
