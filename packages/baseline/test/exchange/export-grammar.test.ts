import { exportFormats, exportRun, importRuns } from '@perfkeel/baseline';
import type { Run } from '@perfkeel/core';
import { sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { fixtureNames, importFixture } from './fixture.ts';

/** What every reader of a format must cope with: runs of all tools, and names that were chosen to break things. */
const hostile =
  '[{"name":"a\\"b\\\\c\\n# EOF\\u2028{}","value":1e-9,"unit":"ms"},{"name":"=1+1","value":1e300,"unit":"widgets"}]';
const runs: readonly (readonly [name: string, run: Run])[] = [
  ...fixtureNames.map((name) => [name, importFixture(name).runs.at(-1)!] as const),
  ['hostile names', importRuns('auto', hostile, { file: 'hostile.json', at: 1e12 }).runs[0]!],
  ['a run of our own', sampleRun()],
];

/** The grammar of OpenMetrics 1.0 as far as gauges go. Returns the first line that breaks it. */
function brokenLine(text: string): string | undefined {
  const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
  const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
  const type = new RegExp(`^# TYPE (${name}) gauge$`);
  const unit = new RegExp(`^# UNIT (${name}) (\\S+)$`);
  const sample = new RegExp(`^(${name})\\{(${label}(?:,${label})*)?\\} (-?[0-9.]+(?:e[+-]?[0-9]+)?)$`);
  if (!text.endsWith('# EOF\n')) return 'no end';
  const [seen, families] = [new Set<string>(), new Set<string>()];
  let family = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, typed] = type.exec(line) ?? [];
    const [, ofUnit, word = ''] = unit.exec(line) ?? [];
    const [, sampled, labels] = sample.exec(line) ?? [];
    if (typed !== undefined) {
      if (families.has(typed)) return `${line}: a second time`;
      families.add((family = typed));
    } else if (ofUnit !== undefined) {
      if (ofUnit !== family || !family.endsWith(`_${word}`)) return line;
    } else if (sampled === undefined || sampled !== family || seen.has(`${sampled}{${labels}`)) return line;
    else seen.add(`${sampled}{${labels}`);
  }
  return undefined;
}

/** Rows of RFC 4180. */
const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)\r\n/g)].map(([, row]) =>
    [...row!.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",]*)/g)].map(([, cell]) => cell!),
  );

it.each(['a{b="c"d"} 1', 'a{b="c"} x', 'a{} 1\na{} 1', 'b{} 1', '# UNIT a s', 'a{b="c\nd"} 1'])(
  'the grammar sees what is wrong with %j',
  (line) => {
    expect(brokenLine(`# TYPE a gauge\na{c="d"} 1e-9\n# EOF\n`)).toBeUndefined();
    expect(brokenLine(`# TYPE a gauge\n${line}\n# EOF\n`)).toBeDefined();
  },
);

describe.each(runs)('exports of %s', (_, run) => {
  it('can be read by the grammar of each format', () => {
    expect(brokenLine(exportRun(run, 'openmetrics'))).toBeUndefined();
    const csv = exportRun(run, 'csv');
    const rows = rowsOf(csv);
    expect(rows.map((row) => row.join(',')).join('\r\n')).toBe(csv.trimEnd());
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([12]));
    expect(rows.flat().filter((cell) => /^"?[=@]/.test(cell))).toEqual([]);
    for (const line of exportRun(run, 'ndjson').split('\n').slice(0, -1)) {
      expect(Number.isFinite((JSON.parse(line) as { value: number }).value)).toBe(true);
    }
    const { resourceMetrics } = JSON.parse(exportRun(run, 'otlp')) as { resourceMetrics: OtlpResource[] };
    for (const { name, unit, gauge } of resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics[0]!.metrics)) {
      expect([name, unit]).toEqual([
        expect.stringMatching(/^[A-Za-z][\w./-]{0,254}$/),
        expect.stringMatching(/^[ -~]{1,63}$/),
      ]);
      expect(
        gauge.dataPoints.every((point) => /^\d+$/.test(point.timeUnixNano) && Number.isFinite(point.asDouble)),
      ).toBe(true);
    }
  });

  it('come back from those formats that are imported', () => {
    for (const format of exportFormats.filter((each) => /^(bencher|custom)/.test(each))) {
      const text = exportRun(run, format);
      if (/^(\[\]|\{\})\s*$/.test(text)) continue;
      const [again] = importRuns(format, text, { file: format, at: Date.parse(run.startedAt) }).runs;
      expect(exportRun(again!, 'ndjson').split('\n').length).toBeGreaterThan(1);
      expect(again!.failures).toEqual([]);
    }
  });
});

interface OtlpResource {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly {
      readonly name: string;
      readonly unit: string;
      readonly gauge: { readonly dataPoints: readonly { readonly timeUnixNano: string; readonly asDouble: number }[] };
    }[];
  }[];
}
