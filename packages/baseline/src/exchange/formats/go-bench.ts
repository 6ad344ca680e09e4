import type { Metric } from '@perfkeel/core';
import type { ForeignBenchmark, ForeignValue, Importer } from '../foreign.ts';
import { exact, kebab, metricOf, sampleOf, stated, valueOf } from '../foreign-values.ts';
import { importError } from '../import-error.ts';
import { longestName } from '../place.ts';
import { linesOf, type Line } from '../text-lines.ts';
import { readUnit } from '../unit-words.ts';

const result = /^(Benchmark\S*)\s+(\d+)\s+(\S.*)$/;
const setting = /^(goos|goarch|pkg|cpu): (.*)$/;

interface Measured {
  readonly metric: Metric;
  readonly known: boolean;
  readonly values: number[];
}

/** `ns/op` is the time, `B/op` what is allocated; words that `ReportMetric` made up have no direction. */
function metricOfUnit(unit: string): { readonly metric: Metric; readonly scale: number; readonly known: boolean } {
  const meaning = readUnit(unit);
  if (!meaning) return { metric: metricOf(kebab(unit), 'count', 'neither'), scale: 1, known: false };
  return { metric: metricOf(meaning.metric, meaning.unit, meaning.better), scale: meaning.scale, known: true };
}

function addPairs(into: Map<string, Measured>, line: Line, text: string, file: string): void {
  const words = text.trim().split(/\s+/);
  if (words.length % 2 !== 0) throw importError(file, `line ${line.number}: expected pairs of a value and a unit`);
  for (let i = 0; i < words.length; i += 2) {
    const [word, unit] = [words[i]!, words[i + 1]!];
    const value = Number(word);
    if (!Number.isFinite(value))
      throw importError(file, `line ${line.number}: expected a number, got ${JSON.stringify(word)}`);
    const { metric, scale, known } = metricOfUnit(unit);
    const measured = into.get(unit) ?? { metric, known, values: [] };
    measured.values.push(value * scale);
    into.set(unit, measured);
  }
}

/** Lines of one name, from `-count`, are samples: they share one process. */
function valueOfMeasured({ metric, known, values }: Measured): ForeignValue {
  if (values.length > 1) return valueOf(metric, sampleOf(values));
  return valueOf(metric, known ? exact(values[0]!) : stated('go', values[0]!));
}

/** The text of `go test -bench`. The number of processors behind a name, `-8`, stays part of it. */
export const goBench: Importer<string> = {
  name: 'go-bench',
  sniff: (text) => /^Benchmark\S*[ \t]+\d+[ \t]+[\d.e+-]+ \S+/m.test(text),
  read: (text, { file }) => {
    const settings = new Map<string, string>();
    const benchmarks = new Map<string, { readonly group?: string; readonly units: Map<string, Measured> }>();
    for (const line of linesOf(text)) {
      const [, key, value] = setting.exec(line.text) ?? [];
      if (key !== undefined) settings.set(key, value!.trim());
      const [, name, , pairs] = result.exec(line.text) ?? [];
      if (name === undefined) continue;
      if (name.length > longestName)
        throw importError(file, `line ${line.number}: the name is longer than ${longestName}`);
      const group = settings.get('pkg');
      const id = group === undefined ? name : `${group} ${name}`;
      const known = benchmarks.get(id) ?? { ...(group === undefined ? {} : { group }), units: new Map() };
      benchmarks.set(id, known);
      addPairs(known.units, line, pairs!, file);
    }
    const [cpu, os, arch] = [settings.get('cpu'), settings.get('goos'), settings.get('goarch')];
    const machine = { ...(cpu ? { cpu } : {}), ...(os ? { os } : {}), ...(arch ? { arch } : {}) };
    const list = [...benchmarks].map(([name, { group, units }]): ForeignBenchmark => {
      const values = [...units.values()].map(valueOfMeasured);
      return { name, ...(group === undefined ? {} : { group }), values };
    });
    return [{ tool: 'go-bench', machine, benchmarks: list }];
  },
};
