import { quantile, sorted } from '@perfkeel/core';

/** The calls that ended in one stretch of a round. */
export interface LatencyMoment {
  /** Nanoseconds since the first call. */
  readonly start: number;
  readonly end: number;
  /** Successful calls per second, within a few percent. */
  readonly throughput: number;
  /** Evenly spaced quantiles of their response times, in nanoseconds; empty where none ended. */
  readonly quantiles: readonly number[];
}

/** Calls that are kept at most; fewer than the second show no course. */
const [most, fewest] = [2048, 64];

/** A moment has some calls to lay in order, and there are no more moments than a screen has room for. */
const [callsEach, mostMoments] = [16, 32];

const shares = Array.from({ length: 8 }, (_, i) => (i + 0.5) / 8);

/**
 * Calls over time. Takes as much memory for a million calls as for a thousand: when there are too many, every second one is
 * forgotten, and from then on half as many are kept. Nothing is allocated while calls are timed.
 */
export class CallCourse {
  readonly #ends = new Float64Array(most);
  readonly #times = new Float64Array(most);
  readonly #begin: number;
  #kept = 0;
  /** How many calls each that is kept stands for, and how many are left out before the next. */
  #every = 1;
  #left = 0;

  constructor(begin: number) {
    this.#begin = begin;
  }

  record(end: number, time: number): void {
    if (this.#left-- > 0) return;
    if (this.#kept === most) this.#halve();
    this.#ends[this.#kept] = end;
    this.#times[this.#kept] = time;
    this.#kept++;
    this.#left = this.#every - 1;
  }

  #halve(): void {
    for (let i = 0; i < most / 2; i++) {
      this.#ends[i] = this.#ends[2 * i]!;
      this.#times[i] = this.#times[2 * i]!;
    }
    this.#kept = most / 2;
    this.#every *= 2;
  }

  /** From the first call to the last that ended, in equal stretches; empty where there is too little to show. */
  moments(): readonly LatencyMoment[] {
    const whole = (this.#ends[this.#kept - 1] ?? 0) - this.#begin;
    if (this.#kept < fewest || !(whole > 0)) return [];
    const count = Math.min(Math.floor(this.#kept / callsEach), mostMoments);
    const length = whole / count;
    const times: number[][] = Array.from({ length: count }, () => []);
    for (let i = 0; i < this.#kept; i++) {
      const at = Math.floor((this.#ends[i]! - this.#begin) / length);
      times[Math.min(Math.max(at, 0), count - 1)]!.push(this.#times[i]!);
    }
    return times.map((own, i) => ({
      start: i * length,
      end: (i + 1) * length,
      throughput: (own.length * this.#every * 1e9) / length,
      quantiles: own.length === 0 ? [] : quantilesOf(own),
    }));
  }
}

function quantilesOf(times: readonly number[]): readonly number[] {
  const values = sorted(times);
  return shares.map((share) => quantile(values, share));
}
