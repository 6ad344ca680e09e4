import { sampleMeasurement, sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { decodeRun, encodeRun } from './run-json.ts';

describe('run.json', () => {
  it('is readable: sorted, indented, with a line end', () => {
    const lines = encodeRun(sampleRun()).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '{',
      '  "$schema": "https://perfkeel.dev/schema/run.v1.json",',
      '  "benchmarks": [',
    ]);
    expect(lines.at(-1)).toBe('');
    expect(lines.length).toBeLessThan(300);
  });

  it('is the same text, whoever built the run in whatever order', () => {
    const run = sampleRun();
    const reversed = Object.fromEntries(Object.entries(run).reverse()) as unknown as typeof run;
    expect(encodeRun(reversed)).toBe(encodeRun(run));
  });

  it.each([
    ['empty', '', /orders\/run\.json is not a run file: it is empty/],
    ['torn', encodeRun(sampleRun()).slice(0, 500), /orders\/run\.json is not a run file/],
    ['something else', '{"a": 1}', /orders\/run\.json is not a run file/],
    ['a list', '[]', /orders\/run\.json is not a run file/],
    ['deeply nested', '['.repeat(100_000) + ']'.repeat(100_000), /orders\/run\.json is not a run file/],
    ['infinite where nothing may be', encodeRun(sampleRun()).replace('12345', '"Infinity"'), /durationMs/],
  ])('that is %s is one clear error with the path and a hint', (_what, text, message) => {
    expect(() => decodeRun(text, 'orders/run.json')).toThrow(
      expect.objectContaining({
        code: 'corrupt-run',
        exitCode: 4,
        message: expect.stringMatching(message) as string,
        hint: expect.stringContaining('measure again') as string,
      }),
    );
  });

  it('of a newer version says so', () => {
    const text = encodeRun(sampleRun()).replace('"schemaVersion": 1', '"schemaVersion": 2');
    expect(() => decodeRun(text, 'run.json')).toThrow(expect.objectContaining({ code: 'newer-run' }));
  });

  it('may begin with a byte order mark, as some editors write it', () => {
    expect(decodeRun(`\uFEFF${encodeRun(sampleRun())}`, 'run.json')).toEqual(sampleRun());
  });

  it.each([
    ['a duration that is not a number', sampleRun({ durationMs: NaN }), 'durationMs'],
    [
      'a typed array',
      sampleRun({
        measurements: [
          sampleMeasurement({ data: { kind: 'sample', values: new Float64Array(3) as unknown as number[] } }),
        ],
      }),
      'measurements[0].data.values',
    ],
  ])('refuses %s at the time of writing, not of reading', (_what, run, path) => {
    expect(() => encodeRun(run)).toThrow(
      expect.objectContaining({ code: 'not-encodable', message: expect.stringContaining(path) as string }),
    );
  });
});
