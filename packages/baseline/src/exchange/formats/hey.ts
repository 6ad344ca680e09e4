import { metrics, type Warning } from '@perfkeel/core';
import type { ForeignValue, Importer } from '../foreign.ts';
import { exact, sampleOf, valueOf } from '../foreign-values.ts';
import { importError } from '../import-error.ts';
import { linesOf, numberIn, type Line } from '../text-lines.ts';

const second = 1e9;

const coarse: Warning = {
  code: 'coarse-clock',
  message: 'hey rounds times to tenths of a millisecond: smaller differences cannot be seen',
};

const errorsOf = (codes: readonly number[], unanswered = 0): ForeignValue[] => {
  const trials = codes.length + unanswered;
  if (trials === 0) return [];
  const events = codes.filter((code) => code < 200 || code > 399).length + unanswered;
  return [valueOf(metrics.errors, { kind: 'count', events, trials })];
};

/** `hey`: the summary. */
export const hey: Importer<string> = {
  name: 'hey',
  sniff: (text) => /^Summary:/m.test(text) && /^[ \t]+Slowest:/m.test(text) && /^Response time histogram:/m.test(text),
  read: (text, { name, file }) => [
    { tool: 'hey', benchmarks: [{ name: name ?? 'hey', values: summaryOf(linesOf(text), file), warnings: [coarse] }] },
  ],
};

const statistics: readonly (readonly [RegExp, string])[] = [
  [/^\s+Average:\s+(\S+) secs/, 'mean'],
  [/^\s+Fastest:\s+(\S+) secs/, 'min'],
  [/^\s+Slowest:\s+(\S+) secs/, 'max'],
];

function summaryOf(lines: readonly Line[], file: string): ForeignValue[] {
  const time = (statistic: string, line: Line, word: string): ForeignValue =>
    valueOf({ ...metrics.serviceTime, id: `service-time-${statistic}` }, exact(numberIn(line, word, file) * second));
  const quantiles = lines.flatMap((line) => {
    // Of few requests hey writes "0% in 0.0000 secs" where a quantile would be.
    const [, q, word] = /^\s+([1-9]\d?)%%? in (\S+) secs/.exec(line.text) ?? [];
    return q === undefined ? [] : [time(q === '50' ? 'median' : `p${q}`, line, word!)];
  });
  const others = statistics.flatMap(([pattern, statistic]) =>
    lines.flatMap((line) => {
      const word = pattern.exec(line.text)?.[1];
      return word === undefined ? [] : [time(statistic, line, word)];
    }),
  );
  const rates = lines.flatMap((line) => {
    const word = /^\s+Requests\/sec:\s+(\S+)/.exec(line.text)?.[1];
    return word === undefined ? [] : [valueOf(metrics.throughput, exact(numberIn(line, word, file)))];
  });
  const isMedian = ({ metric }: ForeignValue): number => Number(metric.id.endsWith('-median'));
  return [...quantiles.sort((a, b) => isMedian(b) - isMedian(a)), ...others, ...rates, ...statusesOf(lines)];
}

function statusesOf(lines: readonly Line[]): ForeignValue[] {
  let [events, trials] = [0, 0];
  for (const { text } of lines) {
    const [, code, count] = /^\s+\[(\d{3})\]\s+(\d+) responses/.exec(text) ?? [];
    const [, unanswered] = /^\s+\[(\d+)\]\s+(?!\d+ responses|\|)\S/.exec(text) ?? [];
    const number = Number(count ?? unanswered ?? 0);
    trials += number;
    if (unanswered !== undefined || Number(code) < 200 || Number(code) > 399) events += number;
  }
  return trials > 0 && Number.isSafeInteger(trials) ? [valueOf(metrics.errors, { kind: 'count', events, trials })] : [];
}

const columns = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset';

/** `hey -o csv`: every answered request, in seconds. */
export const heyCsv: Importer<string> = {
  name: 'hey-csv',
  sniff: (text) => text.startsWith(columns),
  read: (text, { name, file }) => {
    const [head, ...rows] = linesOf(text).filter((line) => line.text.trim() !== '');
    if (head?.text !== columns) throw importError(file, `line 1: expected ${columns}`);
    const cells = rows.map((line) => {
      const parts = line.text.split(',');
      if (parts.length !== 8) throw importError(file, `line ${line.number}: expected 8 cells, got ${parts.length}`);
      return { time: numberIn(line, parts[0]!, file) * second, code: numberIn(line, parts[6]!, file) };
    });
    const values = [
      valueOf(metrics.serviceTime, sampleOf(cells.map(({ time }) => time))),
      ...errorsOf(cells.map(({ code }) => code)),
    ];
    return [{ tool: 'hey', benchmarks: [{ name: name ?? 'hey', values, warnings: [coarse] }] }];
  },
};
