import { metrics } from '@perfkeel/core';
import type { ForeignValue, Importer } from '../foreign.ts';
import { exact, metricOf, valueOf } from '../foreign-values.ts';
import { importError } from '../import-error.ts';
import { linesOf, numberIn, type Line } from '../text-lines.ts';
import { readUnit } from '../unit-words.ts';

const quantity = /^([\d.]+)([a-zµ]*)$/i;

/** `1.25ms`, `3.00m`: wrk also writes minutes and hours. */
function nanosOf(line: Line, word: string, file: string): number {
  const [, number, unit = ''] = quantity.exec(word) ?? [];
  const scale = unit === 'm' ? 60e9 : unit === 'h' ? 3600e9 : readUnit(unit)?.scale;
  if (number === undefined || scale === undefined) {
    throw importError(file, `line ${line.number}: expected a time such as 1.25ms, got ${JSON.stringify(word)}`);
  }
  return numberIn(line, number, file) * scale;
}

function latencies(lines: readonly Line[], file: string): ForeignValue[] {
  const value = (statistic: string, line: Line, word: string): ForeignValue =>
    valueOf({ ...metrics.serviceTime, id: `service-time-${statistic}` }, exact(nanosOf(line, word, file)));
  const quantiles = lines.flatMap((line) => {
    const [, q, word] = /^\s+([\d.]+)%\s+([\d.]+[a-z]+)\s*$/i.exec(line.text) ?? [];
    return q === undefined ? [] : [value(Number(q) === 50 ? 'median' : `p${Number(q)}`, line, word!)];
  });
  const summary = lines.flatMap((line) => {
    const [, mean, , max] = /^\s+Latency\s+(\S+)\s+(\S+)\s+(\S+)/.exec(line.text) ?? [];
    return mean === undefined || mean === 'Distribution' ? [] : [value('mean', line, mean), value('max', line, max!)];
  });
  return [...quantiles, ...summary];
}

function counts(lines: readonly Line[], file: string): ForeignValue[] {
  const find = (pattern: RegExp): { line: Line; found: RegExpExecArray } | undefined => {
    for (const line of lines) {
      const found = pattern.exec(line.text);
      if (found) return { line, found };
    }
    return undefined;
  };
  const rate = find(/^Requests\/sec:\s+(\S+)/);
  const total = find(/^\s+(\d+) requests in /);
  const errors = find(/^\s+Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/);
  const refused = find(/^\s+Non-2xx or 3xx responses: (\d+)/);
  const done = Number(total?.found[1] ?? 0);
  const broken = (errors?.found.slice(1) ?? []).reduce((sum, count) => sum + Number(count), 0);
  const events = broken + Number(refused?.found[1] ?? 0);
  const trials = done + broken;
  return [
    ...(rate ? [valueOf(metrics.throughput, exact(numberIn(rate.line, rate.found[1]!, file)))] : []),
    ...(total && trials > 0 && Number.isSafeInteger(trials) && events <= trials
      ? [valueOf(metricOf('errors', 'ratio'), { kind: 'count', events, trials })]
      : []),
  ];
}

const heading = /^Running (\S+) test @ (\S+)/m;

/** The text of `wrk`, best with `--latency`. A closed loop: what waited behind a stall is missing from its times. */
export const wrk: Importer<string> = {
  name: 'wrk',
  sniff: (text) => heading.test(text) && text.includes('Thread Stats'),
  read: (text, { file, name }) => {
    const url = heading.exec(text)?.[2];
    if (url === undefined) throw importError(file, 'expected a line such as "Running 10s test @ http://127.0.0.1/"');
    const lines = linesOf(text);
    const values = [...latencies(lines, file), ...counts(lines, file)];
    return [{ tool: 'wrk', benchmarks: [{ name: name ?? url, values }] }];
  },
};
