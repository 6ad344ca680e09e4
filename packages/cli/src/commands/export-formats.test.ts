import { join } from 'node:path';
import { exportFormats, exportRun } from '@perfkeel/baseline';
import { describe, expect, it } from 'vitest';
import { attackedReport, attacks } from '../../../report/test/support/attacks.ts';
import { buildRun } from '../../../report/test/support/build-run.ts';
import { load, startup } from '../../../report/test/support/drafts.ts';
import { expectGolden } from '../../../report/test/support/golden.ts';
import { isObeyed, printable } from '../printable.ts';

const golden = join(import.meta.dirname, '../../test/golden');
const run = buildRun([
  startup('cli --version', [118.5, 121, 117.2], ['p99 < 200ms']),
  load('GET /orders', ['p99 < 200ms'], { requests: 400, errors: 2 }),
]);
const attacked = Object.entries(attacks).map(
  ([name, attack]) => [name, printable(attackedReport(attack).run)] as const,
);
/** One of the formats holds one distribution. */
const optionsOf = (format: string, { plan }: typeof run, at: number): Parameters<typeof exportRun>[2] =>
  format === 'hgrm' ? { benchmark: plan.benchmarks[at]!.id, metric: 'response-time' } : {};

const { ansi } = attacks;

it('only what obeys names gets them in plain words', () => {
  const output = { write: () => true };
  expect(isObeyed({ stdout: output, env: {} })).toBe(false);
  expect(isObeyed({ stdout: { ...output, isTTY: true }, env: {} })).toBe(true);
  expect(isObeyed({ stdout: output, env: { GITHUB_ACTIONS: 'true' } })).toBe(true);
  const bytes = new Uint8Array([1]);
  expect(printable({ a: [ansi, 'b\r\nc'], d: [1, NaN], e: undefined, f: bytes })).toEqual({
    ...{ a: ['redlinkevil', 'b c'], d: [1, NaN], e: undefined, f: bytes },
  });
});

const endings: Readonly<Record<string, string>> = { csv: 'csv', hgrm: 'hgrm', ndjson: 'ndjson', openmetrics: 'txt' };

describe.each(exportFormats)('%s', (format) => {
  it('is written as it was', () => {
    const name = `export-${format}.${endings[format] ?? 'json'}`;
    expectGolden(name, exportRun(run, format, optionsOf(format, run, 1)), golden);
  });

  it.each(attacked)('as it is shown, whatever names hold: %s', (_, hostile) => {
    const text = exportRun(hostile, format, optionsOf(format, hostile, 0));
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
    expect(text.split(/[\r\n]+/).filter((line) => /^(?:::|[=+@-]\D)/.test(line))).toEqual([]);
    if (endings[format] === undefined) expect(() => void JSON.parse(text)).not.toThrow();
  });
});
