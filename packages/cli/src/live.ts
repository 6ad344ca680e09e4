import type { Run } from '@perfkeel/core';
import type { RunEvent } from '@perfkeel/runner';
import { isLive, lookOf, plain, type Io } from './io.ts';
import { wrapText } from './wrap-text.ts';

/** Shows that a run is alive, on stderr. */
export interface Live {
  onEvent(event: RunEvent): void;
  /** Removes what will not stay. */
  end(): void;
}

export interface LiveOptions {
  /** Shows what the user's code prints. */
  readonly output?: boolean;
}

/** Redraws on a terminal; elsewhere writes plain lines with the time. */
export const createLive = (io: Io, options: LiveOptions = {}): Live =>
  isLive(io.stderr, io.env) ? redrawn(io, options) : lines(io, options);

/** What every kind of display needs to know. */
interface State {
  benchmark: string;
  round: number;
  done: number;
  rounds: number;
  text: string;
}

function follow(state: State, event: RunEvent): void {
  if (event.type === 'planned') state.rounds = event.rounds;
  if (event.type === 'progress') state.text = oneLine(event.text);
  if (event.type !== 'round') return;
  Object.assign(state, { benchmark: oneLine(event.benchmark), round: event.round, done: event.done, text: '' });
}

const initial = (): State => ({ benchmark: '', round: 0, done: 0, rounds: 0, text: 'reading perf files' });

const oneLine = (text: string): string => plain(text).replace(/\s+/g, ' ');

const failureText = (event: Extract<RunEvent, { type: 'failed' }>): string =>
  oneLine(`${event.failure.benchmark}: ${event.failure.error.message.split('\n')[0]}`);

const seconds = (sinceMs: number): string => {
  const whole = Math.round((Date.now() - sinceMs) / 1000);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`;
};

/** What is shown of a run at a moment. */
function statusOf({ benchmark, round, done, rounds, text }: State, began: number): string {
  if (benchmark === '') return text;
  return `${benchmark}  round ${round + 1}  ${done + 1} of ${rounds}  ${seconds(began)}  ${text}`.trimEnd();
}

function redrawn(io: Io, { output = false }: LiveOptions): Live {
  const state = initial();
  const began = Date.now();
  const spinner = lookOf(io.stderr, io.env).unicode ? [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] : [...'|/-\\'];
  let tick = 0;
  let rows = 0;
  // The cursor stays at the end of the last row.
  const clear = (): string => `${rows > 1 ? `\x1b[${rows - 1}A` : ''}\r\x1b[0J`;
  const draw = (): void => {
    const wrapped = wrapText(`${spinner[tick++ % spinner.length]} ${statusOf(state, began)}`, columnsOf(io) - 1);
    const text = `${clear()}${wrapped.join('\n')}`;
    rows = wrapped.length;
    io.stderr.write(text);
  };
  /** Text that stays, above what is redrawn. */
  const print = (text: string): void => {
    io.stderr.write(`${clear()}${text}`);
    rows = 0;
    draw();
  };
  const printed = wholeLines(print);
  // Four a second: drawing must not cost the measurement processor time.
  const timer = setInterval(draw, 250);
  timer.unref();
  return {
    onEvent: (event) => {
      follow(state, event);
      if (event.type === 'failed') print(`! ${failureText(event)}\n`);
      if (event.type === 'output' && output) printed.add(event.text);
    },
    end: () => {
      clearInterval(timer);
      printed.end();
      io.stderr.write(clear());
    },
  };
}

/** Some terminals do not say how wide they are. */
const columnsOf = (io: Io): number => Math.max(io.stderr.columns || 80, 20);

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

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A line at most this often, besides failures: enough to see that it is alive, little enough to read. */
const lineEveryMs = 10_000;

function lines(io: Io, { output = false }: LiveOptions): Live {
  const state = initial();
  const began = Date.now();
  let last = -Infinity;
  const write = (text: string): void => void io.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
  const show = (): void => {
    if (state.benchmark === '' || Date.now() - last < lineEveryMs) return;
    last = Date.now();
    write(statusOf(state, began));
  };
  const timer = setInterval(show, lineEveryMs);
  timer.unref();
  return {
    onEvent: (event) => {
      follow(state, event);
      if (event.type === 'planned')
        write(`measuring ${counted(event.plan.benchmarks.length, 'benchmark')} in ${counted(event.rounds, 'round')}`);
      if (event.type === 'failed') write(`could not measure ${failureText(event)}`);
      if (event.type === 'output' && output) io.stderr.write(event.text);
      if (event.type === 'round') show();
    },
    end: () => clearInterval(timer),
  };
}

/** What is said about an interrupted run. */
export function interruptedText(run: Run, resumable = false): string {
  if (run.measurements.length === 0) return 'interrupted: nothing had been measured\n';
  const how = resumable ? '; `perfkeel resume` measures the rest, with --partial it ends as it is' : '';
  return `interrupted: what had been measured is kept${how}\n`;
}
