import { appendFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { plainJson, type Report, type Run } from '@perfkeel/core';
import type { RunEvent } from '@perfkeel/runner';
import type { Io } from '../io.ts';
import { makeFolder } from '../make-folder.ts';
import { cannotWrite } from '../write-out.ts';

/** Files that this process has begun: what ends a run comes behind what happened in it. */
const begun = new Set<string>();

/** Where lines go: stdout, or a file. */
interface Place {
  readonly file?: string | undefined;
}

type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** Tells each place what happens in a run as it happens, one JSON object a line. @throws PerfError `not-writable`, exit code 4. */
export function createEventLines(places: readonly Place[], io: Io): (event: RunEvent) => void {
  for (const { file } of places) {
    if (file === undefined) continue;
    begin(file);
  }
  return (event) => {
    const line = lineOf(event);
    if (line === undefined) return;
    const text = textOf([{ time: new Date().toISOString(), ...line }]);
    for (const { file } of places) {
      if (file === undefined) io.stdout.write(text);
      else appendFileSync(file, text);
    }
  };
}

function begin(file: string): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, '');
  } catch (error) {
    throw cannotWrite(file, error, 'Name a file in a folder that you may write.');
  }
  begun.add(file);
}

/** Whether a file holds the events of this very run already. */
export const isBegun = (file: string): boolean => begun.has(file);

/** The fate of every objective, and the end of the run: the last lines. */
export function endLines({ run, comparison }: Report, exitCode: number): string {
  const objectives = run.judgements.map(({ benchmark, objective, verdict, estimate }) => ({
    ...{ type: 'objective', benchmark, objective, verdict: verdict.kind },
    ...(estimate === undefined ? {} : { value: told(estimate.value), lo: told(estimate.lo), hi: told(estimate.hi) }),
  }));
  return textOf([...objectives, { type: 'ended', ...endOf(run), compared: comparison?.verdict.kind, exitCode }]);
}

const endOf = ({ id, verdict, durationMs, interrupted }: Run): Omit<Line, 'type'> => ({
  ...{ run: id, verdict: verdict.kind, durationMs, interrupted },
});

/** JSON has no word for what is not finite. */
const told = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

const textOf = (lines: readonly object[]): string =>
  lines.map((line) => `${plainJson(JSON.stringify(line))}\n`).join('');

/** What is told of an event; nothing of what the user's code prints, which is its own. */
function lineOf(event: RunEvent): Line | undefined {
  switch (event.type) {
    case 'planned': {
      const benchmarks = event.plan.benchmarks.map(({ id, kind, rounds }) => ({ id, kind, rounds }));
      return { type: event.type, benchmarks, rounds: event.rounds };
    }
    case 'examined':
      return { type: event.type, fit: event.fitness.fit, smallestChange: event.fitness.smallestChange };
    case 'measured':
      return { type: event.type, benchmark: event.benchmark, round: event.round };
    case 'failed': {
      const { benchmark, round, error } = event.failure;
      return { type: event.type, benchmark, round, code: error.code, message: error.message };
    }
    case 'retried': {
      const { what, attempt, reason, pauseMs } = event.retry;
      return { type: event.type, benchmark: event.benchmark, what, attempt, reason, pauseMs };
    }
    case 'reading':
    case 'round':
    case 'progress':
      return event;
    case 'output':
    case 'not-kept':
      return undefined;
  }
}
