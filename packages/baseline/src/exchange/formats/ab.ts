import { metrics, type Warning } from '@perfkeel/core';
import type { ForeignValue, Importer } from '../foreign.ts';
import { exact, valueOf } from '../foreign-values.ts';
import { importError } from '../import-error.ts';
import { linesOf, numberIn } from '../text-lines.ts';

const millisecond = 1e6;

const coarse: Warning = {
  code: 'coarse-clock',
  message: 'ab rounds quantiles to whole milliseconds: smaller differences cannot be seen',
};

const isRefused = /^Non-2xx responses:\s+(\d+)/;
const isUnconnected = /\(Connect: (\d+), Receive:/;
const isBroken = /\(Connect: \d+, Receive: (\d+), Length: \d+, Exceptions: (\d+)\)/;

/** The text of ApacheBench. A closed loop. A body of another length than the first one is no error here. */
export const ab: Importer<string> = {
  name: 'ab',
  sniff: (text) => /^Document Path:/m.test(text) && /^Time per request:.*\(mean\)/m.test(text),
  read: (text, { file, name }) => [
    { tool: 'ab', benchmarks: [{ name: name ?? urlOf(text, file), values: valuesOf(text, file), warnings: [coarse] }] },
  ],
};

function urlOf(text: string, file: string): string {
  const word = (label: string): string | undefined => new RegExp(`^${label}:[ \\t]+(\\S+)`, 'm').exec(text)?.[1];
  const [host, port, path] = [word('Server Hostname'), word('Server Port'), word('Document Path')];
  if (host === undefined || path === undefined)
    throw importError(file, 'expected "Server Hostname:", "Document Path:"');
  return `${word('SSL/TLS Protocol') === undefined ? 'http' : 'https'}://${host}:${port}${path}`;
}

function valuesOf(text: string, file: string): ForeignValue[] {
  const lines = linesOf(text);
  const numbers = (pattern: RegExp): number[] =>
    lines.flatMap((line) => (pattern.exec(line.text)?.slice(1) ?? []).map((word) => numberIn(line, word, file)));
  const time = (statistic: string, ms: number): ForeignValue =>
    valueOf({ ...metrics.serviceTime, id: `service-time-${statistic}` }, exact(ms * millisecond));
  const quantiles = [50, 75, 90, 95, 99].flatMap((q) =>
    numbers(new RegExp(`^ +${q}% +(\\d+)`)).map((ms) => time(q === 50 ? 'median' : `p${q}`, ms)),
  );
  const errors = errorsOf(numbers);
  return [
    ...quantiles,
    ...numbers(/^Time per request:\s+(\S+) \[ms\] \(mean\)/).map((ms) => time('mean', ms)),
    ...numbers(/^ *100% +(\d+)/).map((ms) => time('max', ms)),
    ...numbers(/^Requests per second:\s+(\S+)/).map((rate) => valueOf(metrics.throughput, exact(rate))),
    ...(errors.trials > 0 ? [valueOf(metrics.errors, { kind: 'count', ...errors })] : []),
  ];
}

/**
 * Connections that failed are tried again and not among the complete requests. One that broke may be counted twice, as
 * received in part and as an exception, so that the sum exceeds what was tried.
 */
function errorsOf(numbers: (pattern: RegExp) => readonly number[]): {
  readonly events: number;
  readonly trials: number;
} {
  const [complete = 0] = numbers(/^Complete requests:\s+(\d+)/);
  const [unconnected = 0] = numbers(isUnconnected);
  const failed = [unconnected, ...numbers(isBroken), ...numbers(isRefused)].reduce((sum, count) => sum + count, 0);
  const trials = complete + unconnected;
  return { events: Math.min(trials, failed), trials };
}
