import type { Run } from '@perfkeel/core';
import type { RunEvent } from '@perfkeel/runner';
import { isLive, lookOf, plain, type Io } from './io.ts';

/** Shows that a run is alive, on stderr. */
export interface Live {
  onEvent(event: RunEvent): void;
  /** Removes what will not stay. */
  end(): void;
}

/** Redraws on a terminal; elsewhere writes plain lines with the time. */
export const createLive = (io: Io): Live => (isLive(io.stderr, io.env) ? redrawn(io) : lines(io));

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

function redrawn(io: Io): Live {
  const state = initial();
  const began = Date.now();
  const spinner = lookOf(io.stderr, io.env).unicode ? [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] : [...'|/-\\'];
  let tick = 0;
  const draw = (): void => {
    const { benchmark, round, done, rounds, text } = state;
    const what =
      benchmark === ''
        ? text
        : `${benchmark}  round ${round + 1}  ${done + 1} of ${rounds}  ${seconds(began)}  ${text}`;
    const width = (io.stderr.columns ?? 80) - 1;
    io.stderr.write(`\r\x1b[2K${`${spinner[tick++ % spinner.length]} ${what}`.slice(0, width)}`);
  };
  // Four a second: drawing must not cost the measurement processor time.
  const timer = setInterval(draw, 250);
  timer.unref();
  return {
    onEvent: (event) => {
      follow(state, event);
      if (event.type === 'failed') io.stderr.write(`\r\x1b[2K! ${failureText(event)}\n`);
    },
    end: () => {
      clearInterval(timer);
      io.stderr.write('\r\x1b[2K');
    },
  };
}

/** A line at most this often, besides failures: enough to see that it is alive, little enough to read. */
const lineEveryMs = 10_000;

function lines(io: Io): Live {
  const state = initial();
  let last = 0;
  const write = (text: string): void => void io.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
  return {
    onEvent: (event) => {
      follow(state, event);
      if (event.type === 'planned')
        write(`measuring ${event.plan.benchmarks.length} benchmarks in ${event.rounds} rounds`);
      if (event.type === 'failed') write(`could not measure ${failureText(event)}`);
      if (event.type !== 'round' || Date.now() - last < lineEveryMs) return;
      last = Date.now();
      write(`${state.done + 1} of ${state.rounds}  ${state.benchmark}  round ${state.round + 1}`);
    },
    end: () => undefined,
  };
}

/** What is said about an interrupted run. */
export const interruptedText = (run: Run): string =>
  `interrupted: ${run.measurements.length === 0 ? 'nothing had been measured' : 'what had been measured is kept'}\n`;
