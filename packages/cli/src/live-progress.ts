import { formatMinutes, formatQuantity, type Fitness } from '@perfkeel/core';
import type { RunEvent } from '@perfkeel/runner';
import { oneLine } from './io.ts';
import { liveName } from './live-name.ts';

interface CurrentRound {
  readonly benchmark: string;
  readonly round: number;
  readonly done: number;
  readonly rounds: number;
  /** Wall clock, in milliseconds. */
  readonly since: number;
}

/** What a run has told of itself so far, in words. */
export class LiveProgress {
  readonly #began = Date.now();
  readonly #planned = new Map<string, number>();
  /** Benchmarks that end when they have found something. */
  readonly #searches = new Set<string>();
  readonly #times = new RoundTimes();
  /** Rounds that have not begun, by benchmark. */
  #left = new Map<string, number>();
  #fitness: Fitness | undefined;
  #current: CurrentRound | undefined;
  #text = 'reading perf files';

  follow(event: RunEvent): void {
    if (event.type === 'reading') this.#text = `reading ${oneLine(event.file)}`;
    if (event.type === 'examined') this.#fitness = event.fitness;
    if (event.type === 'progress') this.#text = oneLine(event.text);
    if (event.type === 'planned') {
      for (const { id, rounds, kind } of event.plan.benchmarks) {
        this.#planned.set(id, rounds);
        if (kind === 'capacity') this.#searches.add(id);
      }
      const counts = event.plan.benchmarks.map(({ id, rounds }) => [id, rounds] as const);
      // Two sides are measured in other numbers of rounds than were declared.
      const known = counts.reduce((sum, [, rounds]) => sum + rounds, 0) === event.rounds;
      this.#left = new Map(known ? counts : []);
    }
    if (event.type === 'round') this.#begin(event);
  }

  #begin({ benchmark, round, done, rounds }: Extract<RunEvent, { type: 'round' }>): void {
    const since = Date.now();
    if (this.#current) this.#times.add(this.#current.benchmark, since - this.#current.since);
    this.#left.set(benchmark, (this.#left.get(benchmark) ?? 1) - 1);
    this.#current = { benchmark, round, done, rounds, since };
    this.#text = '';
  }

  get measures(): boolean {
    return this.#current !== undefined;
  }

  /** `fit, sees changes from 1.8 %`, or what is unfit; nothing before the machine was looked at. */
  get fitness(): readonly string[] {
    if (this.#fitness === undefined) return [];
    const { fit, smallestChange, findings } = this.#fitness;
    const unfit = findings.filter(({ status }) => status === 'unfit').map(({ title }) => title.toLowerCase());
    if (!fit) return [['not fit', ...(unfit.length > 0 ? [unfit.join(', ')] : [])].join(': ')];
    const share = smallestChange === undefined ? undefined : Number(smallestChange.toPrecision(2));
    return [share === undefined ? 'fit' : `fit, sees changes from ${formatQuantity(share, 'ratio')}`];
  }

  /** `orders`, `round 2 of 4`, `4 of 8 in all`, `1m 12s, about 40s left`; what is done before the first round. */
  get status(): readonly string[] {
    if (this.#current === undefined) return [this.#text];
    const { benchmark, round, done, rounds } = this.#current;
    const own = this.#planned.get(benchmark) ?? 0;
    const left = this.#leftMs();
    // Of a round that takes longer than others nobody knows.
    const isKnown = left !== undefined && left >= 500;
    return [
      liveName(benchmark),
      `round ${round + 1}${own > round ? ` of ${own}` : ''}`,
      `${done + 1} of ${rounds} in all`,
      `${clockText(Date.now() - this.#began)}${isKnown ? `, about ${clockText(left)} left` : ''}`,
    ];
  }

  /** What the round says of itself. */
  get detail(): string {
    return this.#current === undefined ? '' : this.#text;
  }

  /**
   * From how long other rounds took; nothing before the first one was over, nor while a search is to come: what rounds of
   * others took says nothing of it.
   */
  #leftMs(): number | undefined {
    const { benchmark, done, rounds, since } = this.#current!;
    const usual = this.#times.meanMs(benchmark);
    const waiting = [...this.#left];
    const ahead = [benchmark, ...waiting.flatMap(([id, count]) => (count > 0 ? [id] : []))];
    if (usual === undefined || ahead.some((id) => this.#searches.has(id) && !this.#times.has(id))) return undefined;
    const known = waiting.reduce((sum, [, count]) => sum + count, 0) === rounds - done - 1;
    const others = known
      ? waiting.reduce((sum, [id, count]) => sum + count * this.#times.meanMs(id)!, 0)
      : (rounds - done - 1) * this.#times.meanMs()!;
    return others + Math.max(usual - (Date.now() - since), 0);
  }
}

/** How long rounds took. */
class RoundTimes {
  readonly #of = new Map<string, { readonly ms: number; readonly count: number }>();

  add(benchmark: string, ms: number): void {
    const { ms: before, count } = this.#of.get(benchmark) ?? { ms: 0, count: 0 };
    this.#of.set(benchmark, { ms: before + ms, count: count + 1 });
  }

  has(benchmark: string): boolean {
    return this.#of.has(benchmark);
  }

  /** Of a benchmark; of all where it had none yet, or none is named; `undefined` before any. */
  meanMs(benchmark?: string): number | undefined {
    const own = benchmark === undefined ? undefined : this.#of.get(benchmark);
    const all = own === undefined ? [...this.#of.values()] : [own];
    const count = all.reduce((sum, each) => sum + each.count, 0);
    return count === 0 ? undefined : all.reduce((sum, { ms }) => sum + ms, 0) / count;
  }
}

function clockText(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 60 ? `${whole}s` : formatMinutes(whole);
}
