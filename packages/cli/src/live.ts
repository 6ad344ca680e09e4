import { hostname } from 'node:os';
import { relative } from 'node:path';
import type { Run } from '@perfkeel/core';
import { toAscii } from '@perfkeel/report';
import { retryText, turnedRound, type RunEvent } from '@perfkeel/runner';
import { counted } from './commands/counted.ts';
import { isLive, lookOf, oneLine, type Io } from './io.ts';
import { LiveBlock, rowsThatFit, type BlockRow } from './live-block.ts';
import { liveName } from './live-name.ts';
import { LiveProgress } from './live-progress.ts';
import { createLogGroup } from './log-group.ts';

/** Shows that a run is alive, on stderr. */
export interface Live {
  onEvent(event: RunEvent): void;
  /** Removes what will not stay. */
  end(): void;
}

export interface LiveOptions {
  /** Shows what the user's code prints. */
  readonly output?: boolean;
  /** What the run will be compared with. */
  readonly against?: string | undefined;
}

/** Redraws on a terminal; elsewhere writes plain lines with the time, which fold in logs of GitHub. */
export const createLive = (io: Io, options: LiveOptions = {}): Live =>
  isLive(io.stderr, io.env) ? redrawn(io, options) : lines(io, options);

/** Columns; the report has all of it. */
const mostOfMessage = 300;

const againText = ({ benchmark, retry }: Extract<RunEvent, { type: 'retried' }>): string =>
  `${liveName(benchmark)}: ${liveName(retryText(retry), mostOfMessage)}`;

const failureText = (event: Extract<RunEvent, { type: 'failed' }>): string =>
  `${liveName(event.failure.benchmark)}: ${liveName(event.failure.error.message.split('\n')[0]!, mostOfMessage)}`;

/** What the declarations may have wrong, each at its place; once, however often it is planned. */
function doubting({ cwd }: Io): (event: RunEvent) => readonly string[] {
  const told = new Set<string>();
  return (event) => {
    if (event.type !== 'planned') return [];
    const doubts = event.plan.benchmarks.flatMap((benchmark) => {
      const { id, location: at } = benchmark;
      const place = liveName(at === undefined ? id : `${relative(cwd, at.file)}:${at.line}`, mostOfMessage);
      return turnedRound(benchmark).map((sentence) => `warning  ${place}: ${oneLine(sentence)}`);
    });
    const fresh = doubts.filter((doubt) => !told.has(doubt));
    for (const doubt of fresh) told.add(doubt);
    return fresh;
  };
}

/** Where it is measured, and with what it will be compared. */
const circumstances = ({ against }: LiveOptions): readonly string[] => [
  `on ${oneLine(hostname())}`,
  `node ${process.versions.node}`,
  ...(against === undefined ? [] : [`against ${liveName(against)}`]),
];

/**
 * What is seen of a run at a moment, at most six rows:
 *
 *     measuring on build-7 · node 20.20.2 · against main · fit, sees changes from 1.8 %
 *     ⠹ checkout   round 2 of 4   5 of 16 in all   1m 12s, about 2m 40s left
 *       hold 12 s of 60 s, 48 s left: 300/s due, 299/s sent, p50 2 ms, p99 8 ms, 0.1 % errors, lag 0.1 ms
 */
function redrawn(io: Io, options: LiveOptions): Live {
  const { unicode, colour } = lookOf(io.stderr, io.env);
  const progress = new LiveProgress();
  const block = new LiveBlock(io.stderr, colour);
  const doubtsOf = doubting(io);
  const shown = unicode ? (text: string): string => text : toAscii;
  const spinner = unicode ? [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] : [...'|/-\\'];
  let tick = 0;
  const rows = (): readonly BlockRow[] => {
    const heading = [`measuring ${circumstances(options).join(' · ')}`, ...progress.fitness].join(' · ');
    const status = `${spinner[tick++ % spinner.length]} ${shown(progress.status.join('   '))}`;
    const detail: readonly BlockRow[] = progress.detail === '' ? [] : [{ text: shown(progress.detail), indent: 2 }];
    const texts: readonly BlockRow[] = [{ text: shown(heading), quiet: true }, { text: status }, ...detail];
    return rowsThatFit(texts, io.stderr, unicode ? '…' : '..');
  };
  const print = (text: string): void => block.draw(rows(), text);
  const printed = wholeLines(print);
  // Four a second: drawing must not cost the measurement processor time.
  const timer = setInterval(() => block.draw(rows()), 250);
  timer.unref();
  return {
    onEvent: (event) => {
      progress.follow(event);
      for (const doubt of doubtsOf(event)) print(`${shown(doubt)}\n`);
      if (event.type === 'failed') print(`! ${shown(failureText(event))}\n`);
      if (event.type === 'retried') print(`! ${shown(againText(event))}\n`);
      if (event.type === 'output' && options.output) printed.add(event.text);
    },
    end: () => {
      clearInterval(timer);
      printed.end();
      block.end();
    },
  };
}

/** Collects pieces of text until a line is whole: a redrawn line cannot stand behind half of one. */
function wholeLines(print: (text: string) => void): { add(text: string): void; end(): void } {
  let rest = '';
  return {
    add: (text) => {
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) print(rest + text.slice(0, end));
      rest = end > 0 ? text.slice(end) : rest + text;
    },
    end: () => {
      if (rest !== '') print(`${rest}\n`);
      rest = '';
    },
  };
}

function plannedText({ plan, rounds }: Extract<RunEvent, { type: 'planned' }>, options: LiveOptions): string {
  const what = `${counted(plan.benchmarks.length, 'benchmark')} in ${counted(rounds, 'round')}`;
  return `measuring ${what} ${circumstances(options).join(', ')}`;
}

/** `measuring 2 benchmarks: orders, parse`: what folds has a name. */
function plannedTitle({ plan: { benchmarks } }: Extract<RunEvent, { type: 'planned' }>, unicode: boolean): string {
  const text = `measuring ${counted(benchmarks.length, 'benchmark')}: ${benchmarks.map(({ id }) => liveName(id)).join(', ')}`;
  const letters = [...text];
  const title = letters.length <= mostLetters ? text : `${letters.slice(0, mostLetters - 1).join('')}…`;
  return unicode ? title : toAscii(title);
}

/** Of the name of a group. */
const mostLetters = 120;

/** A line at most this often, besides failures: enough to see that it is alive, little enough to read. */
const lineEveryMs = 10_000;

function lines(io: Io, options: LiveOptions): Live {
  const { unicode } = lookOf(io.stderr, io.env);
  const progress = new LiveProgress();
  const group = createLogGroup(io);
  const doubtsOf = doubting(io);
  let last = -Infinity;
  const write = (text: string): void => {
    const time = new Date().toISOString().slice(11, 19);
    const line = `${time}  ${unicode ? text : toAscii(text)}\n`;
    io.stderr.write(line);
    group.wrote(line);
  };
  const show = (): void => {
    if (!progress.measures || Date.now() - last < lineEveryMs) return;
    last = Date.now();
    write([...progress.status, progress.detail].join('  ').trimEnd());
  };
  const timer = setInterval(show, lineEveryMs);
  timer.unref();
  return {
    onEvent: (event) => {
      progress.follow(event);
      if (event.type === 'planned') group.open(plannedTitle(event, unicode));
      if (event.type === 'output') group.wrote(event.text);
      if (event.type === 'reading') write(progress.status.join(''));
      if (event.type === 'examined') write(`the machine is ${progress.fitness.join('')}`);
      if (event.type === 'planned') write(plannedText(event, options));
      for (const doubt of doubtsOf(event)) write(doubt);
      if (event.type === 'failed') write(`could not measure ${failureText(event)}`);
      if (event.type === 'retried') write(againText(event));
      if (event.type === 'output' && options.output) io.stderr.write(event.text);
      if (event.type === 'round') show();
    },
    end: () => {
      clearInterval(timer);
      group.close();
    },
  };
}

/** What is said about an interrupted run. @param folder what `resume` needs behind it to find the run */
export function interruptedText(run: Run, resumable = false, folder = ''): string {
  if (run.measurements.length === 0) return 'interrupted: nothing had been measured\n';
  const how = resumable ? `; \`perfkeel resume${folder}\` measures the rest, with --partial it ends as it is` : '';
  return `interrupted: what had been measured is kept${how}\n`;
}
