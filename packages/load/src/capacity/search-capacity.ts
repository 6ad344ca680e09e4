import { LoadRecord, type ClassificationGoal } from './load-record.ts';

/** What is searched for. Rates per second, durations in nanoseconds. */
export interface SearchGoal extends ClassificationGoal {
  readonly low: number;
  readonly high: number;
  /** How far apart the bounds may be at the end, relative: 0.05 is 5 %. */
  readonly width: number;
  /** The duration of a scout. */
  readonly scout: number;
  /** No trial begins when this much time has gone by. */
  readonly budget: number;
}

/**
 * A trial that the search wants next.
 *
 * - `scout`: short, to find the neighbourhood
 * - `full`: counts
 * - `probe`: once more after a failure, to tell an accident from a limit
 * - `verify`: once more at the lower bound, at the end
 */
export interface PlannedTrial {
  readonly rate: number;
  readonly duration: number;
  readonly purpose: 'scout' | 'full' | 'probe' | 'verify';
}

/**
 * What came of it. A trial that is `invalid` is repeated: it says nothing about the load. So is the first `doubtful` one
 * of a load, which was bad, but perhaps for other reasons; from the second on it is bad.
 */
export interface TrialOutcome {
  readonly outcome: 'good' | 'bad' | 'doubtful' | 'invalid';
  /** Nanoseconds since the search began, with everything between the trials. */
  readonly elapsed: number;
}

/**
 * How the search ended.
 *
 * - `found`: the bounds are as close as was asked for
 * - `below`: even the lowest load is too much
 * - `above`: even the highest load is not
 * - `out-of-time`: the bounds are further apart
 * - `not-valid`: too many trials said nothing
 */
export type SearchReason = 'found' | 'below' | 'above' | 'out-of-time' | 'not-valid';

/** `lower` is 0 and `upper` is `Infinity` where nothing bounds them. */
export interface SearchEnd {
  readonly lower: number;
  readonly upper: number;
  readonly reason: SearchReason;
  /** The best single number: between the bounds where there are two. */
  readonly guess: number;
  /**
   * Whether the lower bound held again at the end, after loads that did not. `false` says that what overload does to the
   * system stays; `undefined` that nobody looked.
   */
  readonly verified: boolean | undefined;
  /** The upper bound rests on doubtful trials: the capacity may be higher. */
  readonly doubtful: boolean;
}

/** Trials without validity in a row, and in all, after which nobody believes in the next one. */
const mostInvalidInRow = 5;
const mostInvalid = 15;

/** Between the lowest load and the highest lie at most so many steps of the first climb. */
const mostClimbs = 6;
/** A false failure during the climb costs most of all: it hides everything above. */
const climbProbes = 2;

/** Loads are round: a fraction of a thousandth is no difference. */
const rounded = (rate: number): number => Number(rate.toPrecision(4));

type Trials<T> = Generator<PlannedTrial, T, TrialOutcome>;

/** Thrown inside of the generator only. */
class EndOfSearch extends Error {
  readonly reason: SearchReason;
  constructor(reason: SearchReason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Searches the highest load that keeps its conditions, in the manner of MLRsearch (RFC 9971): short scouts climb until a
 * load fails again and again, and close in on the neighbourhood; then full trials decide loads there until one that holds
 * and one that does not are close enough; at last the load that holds has to hold once more.
 *
 * Pure: yields the next trial as data, and is told what came of it.
 *
 * @example
 * const search = searchCapacity(goal);
 * let step = search.next();
 * while (!step.done) step = search.next(await run(step.value));
 * console.log(step.value.lower, step.value.upper);
 */
export function* searchCapacity(goal: SearchGoal): Trials<SearchEnd> {
  const search = new Search(goal);
  try {
    return yield* search.run();
  } catch (end) {
    if (end instanceof EndOfSearch) return search.end(end.reason);
    throw end;
  }
}

class Search {
  readonly #goal: SearchGoal;
  readonly #records = new Map<number, LoadRecord>();
  /** Loads at which a trial was doubtful. */
  readonly #doubted = new Set<number>();
  #elapsed = 0;
  #invalid = 0;
  /** What the last scouts took for the lowest load that does not hold. */
  #seenToFail = Infinity;
  /** The highest load that any scout saw to hold. */
  #seenToHold = 0;
  #verified: boolean | undefined;

  constructor(goal: SearchGoal) {
    this.#goal = goal;
  }

  *run(): Trials<SearchEnd> {
    const { low, high } = this.#goal;
    const climb = Math.max(2, (high / low) ** (1 / mostClimbs));
    let next: number | undefined = yield* this.#scoutUp(0, low, climb);
    while (next !== undefined) {
      yield* this.#decide(next);
      next = yield* this.#nextLoad();
    }
    const end = this.end('found');
    if (end.lower > 0 && end.upper < Infinity) yield* this.#verify(end.lower);
    return this.end('found');
  }

  /** The bounds as they are now: the lowest load that does not hold, and the highest one below it that does. */
  end(reason: SearchReason): SearchEnd {
    const decided = (kind: string): number[] =>
      [...this.#records.values()].filter((record) => record.classify(this.#goal) === kind).map(({ rate }) => rate);
    const upper = Math.min(Infinity, ...decided('upper'));
    const lower = Math.max(0, ...decided('lower').filter((rate) => rate < upper));
    const { low, high } = this.#goal;
    const edge = upper === low ? 'below' : lower === high ? 'above' : undefined;
    return {
      lower,
      upper,
      guess: this.#guess(lower, upper),
      reason: reason === 'found' ? (edge ?? reason) : reason,
      verified: this.#verified,
      doubtful: this.#doubted.has(upper),
    };
  }

  /** Between the bounds; where one is missing, what scouts saw has to do. */
  #guess(lower: number, upper: number): number {
    const { low, high } = this.#goal;
    const below = lower > 0 ? lower : Math.min(Math.max(this.#seenToHold, low), upper);
    const above = upper < Infinity ? upper : Math.max(this.#seenToFail < Infinity ? this.#seenToFail : below, below);
    return Math.min(Math.sqrt(below * above), Math.max(high, below));
  }

  /** The next load that has to be decided; `undefined` when the bounds are close enough, or at an end of the range. */
  *#nextLoad(): Trials<number | undefined> {
    const { high, width } = this.#goal;
    const { lower, upper, reason } = this.end('found');
    if (reason !== 'found') return undefined;
    if (upper === Infinity) {
      const near = Math.min(high, rounded(lower * (1 + width)));
      // Above what scouts saw to fail: they were deceived, and full steps would take too long.
      return lower >= this.#seenToFail ? yield* this.#scoutUp(lower, near, 1 + 2 * width) : near;
    }
    if (lower === 0) return yield* this.#scoutDown(upper);
    const middle = rounded(Math.sqrt(lower * upper));
    const close = upper <= lower * (1 + width) * 1.001;
    return close || middle <= lower || middle >= upper ? undefined : middle;
  }

  /**
   * Climbs from `first`, in growing steps, and closes in: the highest load that a scout found to hold. `first` itself
   * when none did.
   */
  *#scoutUp(known: number, first: number, factor: number): Trials<number> {
    const { high } = this.#goal;
    let [good, bad, step] = [known, Infinity, factor];
    for (let rate = first; good < high && bad === Infinity; rate = Math.min(high, rounded(rate * step))) {
      if (yield* this.#scoutHolds(rate, climbProbes)) good = rate;
      else bad = rate;
      if (known > 0) step *= step;
    }
    this.#seenToFail = bad;
    return good > known ? yield* this.#closeIn(good, bad) : first;
  }

  /** Goes down from a load that does not hold, in growing steps. */
  *#scoutDown(upper: number): Trials<number> {
    const { low, width } = this.#goal;
    let [rate, step, bad] = [Math.max(low, rounded(upper / (1 + width))), 1 + 2 * width, upper];
    while (rate > low && !(yield* this.#scoutHolds(rate))) {
      bad = rate;
      rate = Math.max(low, rounded(rate / step));
      step *= step;
    }
    this.#seenToFail = bad;
    return rate > low ? yield* this.#closeIn(rate, bad) : low;
  }

  /** Halves the way between a load that scouts found to hold and one that they did not. */
  *#closeIn(holds: number, fails: number): Trials<number> {
    let [good, bad] = [holds, fails];
    while (bad < Infinity && bad > good * (1 + 2 * this.#goal.width)) {
      const middle = rounded(Math.sqrt(good * bad));
      if (middle <= good || middle >= bad) break;
      if (yield* this.#scoutHolds(middle)) good = middle;
      else this.#seenToFail = bad = middle;
    }
    return good;
  }

  *#scoutHolds(rate: number, probes = 1): Trials<boolean> {
    const { scout: duration } = this.#goal;
    let holds = yield* this.#try({ rate, duration, purpose: 'scout' });
    for (let i = 0; i < probes && !holds; i++) holds = yield* this.#try({ rate, duration, purpose: 'probe' });
    if (holds) this.#seenToHold = Math.max(this.#seenToHold, rate);
    return holds;
  }

  /** Full trials at one load until it is decided. */
  *#decide(rate: number): Trials<void> {
    const { trial: duration } = this.#goal;
    const record = this.#record(rate);
    while (record.classify(this.#goal) === 'open') yield* this.#try({ rate, duration, purpose: 'full' });
    if (record.classify(this.#goal) !== 'upper' || (rate > this.#seenToHold && rate > this.#goal.low)) return;
    // A scout saw it hold, or even a higher load, or nothing is left below: something else may have got in the way.
    if (yield* this.#try({ rate, duration, purpose: 'probe' })) {
      yield* this.#try({ rate, duration, purpose: 'full' });
    }
  }

  /** Luck found the lower bound as much as merit did: it has to hold again, and after the overload. */
  *#verify(rate: number): Trials<void> {
    const { trial: duration } = this.#goal;
    try {
      this.#verified = yield* this.#try({ rate, duration, purpose: 'verify' });
      if (!this.#verified) this.#verified = yield* this.#try({ rate, duration, purpose: 'probe' });
      // What a busy machine may have done is not blamed on the overload.
      if (!this.#verified && this.#doubted.has(rate)) this.#verified = undefined;
    } catch (end) {
      // The bounds are found, with or without this.
      if (!(end instanceof EndOfSearch)) throw end;
    }
  }

  /** One trial that counts, after as many as it takes. */
  *#try(planned: PlannedTrial): Trials<boolean> {
    for (let inRow = 0; inRow < mostInvalidInRow && this.#invalid < mostInvalid; inRow++) {
      if (this.#elapsed + planned.duration > this.#goal.budget) throw new EndOfSearch('out-of-time');
      const { outcome, elapsed } = yield planned;
      this.#elapsed = elapsed;
      const isGood = outcome === 'good';
      if (isGood || outcome === 'bad' || (outcome === 'doubtful' && this.#doubted.has(planned.rate))) {
        this.#record(planned.rate).add(planned.duration, isGood, this.#goal);
        return isGood;
      }
      if (outcome === 'doubtful') this.#doubted.add(planned.rate);
      else this.#invalid += 1;
    }
    throw new EndOfSearch('not-valid');
  }

  #record(rate: number): LoadRecord {
    const record = this.#records.get(rate) ?? new LoadRecord(rate);
    this.#records.set(rate, record);
    return record;
  }
}
