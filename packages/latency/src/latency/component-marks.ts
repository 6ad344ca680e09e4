import { callSite, describeValue, usageError, type Clock, type PerfError, type SourceLocation } from '@perfkeel/core';
import type { Mark } from './latency-call.ts';

/** The component of what is left after the last mark. */
export const restComponent = 'rest';

/** Times of components, a row for each call that succeeded, in nanoseconds. */
export interface ComponentTimes {
  /** The columns. */
  readonly names: readonly string[];
  /** How many rows are filled. */
  readonly calls: number;
  /** Row by row; a row adds up to the total of its call. */
  readonly times: Float64Array;
  readonly totals: Float64Array;
  /** For each column how often it was marked. */
  readonly marked: Float64Array;
}

export interface MarksOptions {
  /** What calls may mark. */
  readonly names: readonly string[];
  /** Where the time after the last mark goes: one of `names`, or a column of its own. @default 'rest' */
  readonly last?: string;
  /** At most so many calls are under way. */
  readonly width: number;
  /** At most so many are made. */
  readonly calls: number;
  readonly clock: Clock;
}

/**
 * Keeps the marks of calls apart that are under way together. Everything is allocated beforehand:
 *
 *     scratch   a row for each lane, filled by the marks of the call that is in it
 *     times     a row for each call that succeeded, copied from scratch at its end
 */
export class ComponentMarks {
  readonly #names: readonly string[];
  readonly #columnOf: ReadonlyMap<string, number>;
  readonly #last: number;
  readonly #clock: Clock;
  readonly #scratch: Float64Array;
  readonly #since: Float64Array;
  /** Which call is in a lane: marks of an earlier one are not its own. */
  readonly #serial: Float64Array;
  readonly #times: Float64Array;
  readonly #totals: Float64Array;
  readonly #marked: Float64Array;
  #calls = 0;
  #late = 0;
  #misuse: PerfError | undefined;

  constructor({ names, last = restComponent, width, calls, clock }: MarksOptions) {
    this.#names = names.includes(last) ? names : [...names, last];
    this.#columnOf = new Map(names.map((name, column) => [name, column]));
    this.#last = this.#names.indexOf(last);
    this.#clock = clock;
    const columns = this.#names.length;
    this.#scratch = new Float64Array(width * columns);
    this.#since = new Float64Array(width);
    this.#serial = new Float64Array(width);
    this.#times = new Float64Array(calls * columns);
    this.#totals = new Float64Array(calls);
    this.#marked = new Float64Array(columns);
  }

  /** Marks that came after the end of their call. They are left out. */
  get late(): number {
    return this.#late;
  }

  /** The first mark that nobody declared: to be thrown at the end, whatever the call made of it. */
  get misuse(): PerfError | undefined {
    return this.#misuse;
  }

  /** Makes a lane ready for its next call, and the `mark` of that: before the clock is read. */
  markFor(lane: number): Mark<string> {
    const serial = ++this.#serial[lane]!;
    const columns = this.#names.length;
    this.#scratch.fill(0, lane * columns, (lane + 1) * columns);
    const mark: Mark<string> = (component) => {
      const now = this.#clock.now();
      const column = this.#columnOf.get(component);
      if (column === undefined) throw this.#undeclared(component, mark);
      if (this.#serial[lane] !== serial) this.#late++;
      else this.#add(lane, column, now);
    };
    return mark;
  }

  /** To be told right after the clock has been read for the start of a call. */
  began(lane: number, start: number): void {
    this.#since[lane] = start;
  }

  #add(lane: number, column: number, now: number): void {
    const cell = lane * this.#names.length + column;
    this.#scratch[cell] = this.#scratch[cell]! + (now - this.#since[lane]!);
    this.#since[lane] = now;
    this.#marked[column] = this.#marked[column]! + 1;
  }

  succeeded(lane: number, start: number, end: number): void {
    const columns = this.#names.length;
    const last = lane * columns + this.#last;
    this.#scratch[last] = this.#scratch[last]! + (end - this.#since[lane]!);
    const row = this.#calls * columns;
    for (let i = 0; i < columns; i++) this.#times[row + i] = this.#scratch[lane * columns + i]!;
    this.#totals[this.#calls++] = end - start;
    this.failed(lane);
  }

  /** Nothing that its call has marked, or still marks, is kept. */
  failed(lane: number): void {
    this.#serial[lane] = this.#serial[lane]! + 1;
  }

  result(): ComponentTimes {
    const [names, times, totals, marked] = [this.#names, this.#times, this.#totals, this.#marked];
    return { names, calls: this.#calls, times, totals, marked };
  }

  #undeclared(component: unknown, mark: Mark<string>): PerfError {
    const error = undeclaredComponent(component, [...this.#columnOf.keys()], callSite(mark));
    return (this.#misuse ??= error);
  }
}

function undeclaredComponent(
  component: unknown,
  declared: readonly string[],
  location: SourceLocation | undefined,
): PerfError {
  const shown = describeValue(component);
  const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  const declarable = typeof component === 'string' && component !== restComponent;
  return usageError(
    declared.length === 0
      ? `mark(${shown}): this benchmark declares no components`
      : `mark(${shown}): no such component is declared; declared are ${list(declared)}`,
    {
      code: 'unknown-component',
      hint: declarable ? `Write components: [${list([...declared, component])}].` : 'Mark one of the declared names.',
      location,
      ...(declarable ? { excerpt: component } : {}),
    },
  );
}
