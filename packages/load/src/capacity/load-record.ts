/** What the trials at one load come to. */
export type Classification = 'lower' | 'upper' | 'open';

/** How many trials a load needs before anything is concluded of it; durations in nanoseconds. */
export interface ClassificationGoal {
  /** The duration of a full trial; a shorter one is a scout. */
  readonly trial: number;
  /** Full trials of a load together, before it is decided; less, when the rest could not change it. */
  readonly durationSum: number;
  /** The share of bad time that a load may have and still be a lower bound. */
  readonly exceedRatio: number;
}

/** Seconds of good and bad trials at one load. */
export class LoadRecord {
  readonly rate: number;
  good = 0;
  bad = 0;
  #shortGood = 0;
  #shortBad = 0;

  constructor(rate: number) {
    this.rate = rate;
  }

  add(duration: number, good: boolean, { trial }: ClassificationGoal): void {
    if (duration >= trial) {
      if (good) this.good += duration;
      else this.bad += duration;
    } else if (good) this.#shortGood += duration;
    else this.#shortBad += duration;
  }

  /**
   * A load is a lower bound when the trials that are still missing could all be bad, and an upper bound when they could
   * all be good, without changing it (MLRsearch, RFC 9971, load classification). Bad scouts count as far as good ones do
   * not make up for them; good scouts alone prove nothing.
   */
  classify({ durationSum, exceedRatio }: ClassificationGoal): Classification {
    const madeUpFor = (this.#shortGood * exceedRatio) / (1 - exceedRatio);
    const bad = this.bad + Math.max(0, this.#shortBad - madeUpFor);
    const whole = Math.max(this.good + bad, durationSum);
    const allowed = whole * exceedRatio;
    if (whole - this.good <= allowed) return 'lower';
    return bad <= allowed ? 'open' : 'upper';
  }
}
