import type { Report } from '@perfkeel/core';
import { formatLocation, viewFailures, type FailureView } from '../view/failure-view.ts';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import type { Terminal } from './terminal.ts';
import { visibleWidth } from './text-width.ts';

const indent = 6;

/** What could not be measured: the message, what fixes it, and the place. */
export function failuresSection({ run }: Report, term: Terminal): readonly string[] {
  const failures = viewFailures(run);
  const named = new Set(failures.map(({ benchmark }) => benchmark));
  const silent = viewBenchmarks(run).filter(
    ({ plan, verdict }) => verdict.kind === 'could-not-measure' && !named.has(plan.id),
  );
  if (failures.length + silent.length === 0) return [];
  return [
    term.bold(' Could not measure'),
    ...failures.flatMap((failure) => failureLines(failure, term)),
    ...silent.flatMap(({ plan, verdict }) => [
      heading(plan.id, '', term),
      ...verdict.reasons.flatMap(({ message }) => term.prose(message, indent)),
    ]),
  ];
}

function heading(name: string, rounds: string, term: Terminal): string {
  const start = `   ${term.mark('could-not-measure')} `;
  const room = term.width - visibleWidth(start) - (rounds === '' ? 0 : rounds.length + 2);
  return `${start}${term.bold(term.name(name, room))}${rounds === '' ? '' : term.dim(`  ${rounds}`)}`;
}

function failureLines({ benchmark, error, rounds, location }: FailureView, term: Terminal): readonly string[] {
  const stack = term.verbose && error.stack !== undefined ? error.stack.split('\n').slice(1) : [];
  return [
    heading(benchmark, rounds, term),
    ...error.message.split('\n').flatMap((line) => term.prose(line, indent).map(term.red)),
    ...(error.hint === undefined ? [] : term.prose(error.hint, indent + 6, `${' '.repeat(indent)}hint`)),
    ...(location ? term.prose(formatLocation(location, term.root), indent).map(term.dim) : []),
    ...stack.flatMap((line) => term.prose(line.trim(), indent + 2).map(term.dim)),
  ];
}
