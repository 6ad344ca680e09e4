import type { Measurement, Report, Warning } from '@perfkeel/core';
import { enumerate, plural } from './words.ts';

/** A remark, and what it is about; nothing when it is about the whole run. */
export interface Remark {
  readonly message: string;
  readonly about: readonly string[];
}

/**
 * All remarks of measurements and of the comparison. The same words about several benchmarks become one remark; so do
 * remarks of one kind in several rounds of a benchmark, and those on the machine of several benchmarks, which differ only
 * in their figures, and the limits of what several leak tests would have seen, unless all are wanted.
 *
 * @param isSaid what the reader was told before; asked only where not all are wanted
 */
export function remarksOf(
  { run, comparison }: Report,
  all = false,
  isSaid: (benchmark: string, message: string) => boolean = () => false,
): readonly Remark[] {
  const every = run.measurements.flatMap(notesOf);
  const kinds = all ? every : firstOfEachKind(every).filter(({ benchmark, message }) => !isSaid(benchmark, message));
  const { notes, together } = all ? { notes: kinds, together: [] } : limitsTogether(sameMachine(kinds));
  const merged = new Map<string, Set<string>>();
  for (const { message } of comparison?.warnings ?? []) merged.set(message, new Set());
  for (const message of together) merged.set(message, new Set());
  for (const { message, benchmark } of notes) merged.set(message, (merged.get(message) ?? new Set()).add(benchmark));
  return [...merged].map(([message, about]) => ({ message, about: [...about] }));
}

type Note = Warning & Pick<Measurement, 'benchmark' | 'round'>;

const notesOf = ({ benchmark, round, warnings }: Measurement): readonly Note[] =>
  warnings.map((warning) => ({ ...warning, benchmark, round }));

function firstOfEachKind(notes: readonly Note[]): readonly Note[] {
  const kinds = new Map<string, Note[]>();
  for (const note of notes) {
    const key = JSON.stringify([note.benchmark, note.code]);
    kinds.set(key, [...(kinds.get(key) ?? []), note]);
  }
  return [...kinds.values()].map(([first, ...others]) => {
    if (others.every(({ message }) => message === first!.message)) return first!;
    // Several parts of one round, such as the shares of a capacity, may say the same with other figures.
    const rounds = new Set(others.map(({ round }) => round).filter((round) => round !== first!.round)).size;
    const more = rounds === 0 ? '' : ` (and ${plural(rounds, 'round')} alike)`;
    return { ...first!, message: `${first!.message}${more}` };
  });
}

/** Not of a benchmark: what else ran meanwhile. */
const ofTheMachine: ReadonlySet<string> = new Set(['disturbed', 'machine-busy', 'generator-starved', 'generator-late']);

/** A busy machine disturbs one benchmark like the other: it is said once, with the figures of the first. */
function sameMachine(notes: readonly Note[]): readonly Note[] {
  return notes.map((note) => {
    const same = ofTheMachine.has(note.code) ? notes.filter(({ code }) => code === note.code) : [note];
    const [first] = same;
    if (same.every(({ message }) => message === first!.message)) return note;
    return { ...note, message: `${withoutCount(first!.message)} (in ${first!.benchmark}; alike in the others)` };
  });
}

/** From so many benchmarks on, what each of them would have seen is one remark. */
const fewestLimits = 3;

const limitOf = ({ code, message }: Note): string | undefined =>
  code === 'resolution' ? /^anything above (.+?) per iteration would have been seen/.exec(message)?.[1] : undefined;

/** The smallest growth that each leak test would have seen, all in one sentence. */
function limitsTogether(notes: readonly Note[]): {
  readonly notes: readonly Note[];
  readonly together: readonly string[];
} {
  const limits = notes.flatMap((note) => {
    const limit = limitOf(note);
    return limit === undefined ? [] : [`${limit} in ${note.benchmark}`];
  });
  if (limits.length < fewestLimits) return { notes, together: [] };
  const message = `what would have been seen of growth, per iteration: anything above ${enumerate(limits)}`;
  return { notes: notes.filter((note) => limitOf(note) === undefined), together: [message] };
}

/** A remark without the rounds that it was also made of. */
export const withoutCount = (message: string): string => message.replace(/ \(and [^()]*\)$/, '');

/** `checkout, search and 3 more`. */
export function nameSome(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}
