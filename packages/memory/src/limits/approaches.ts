import { nanos, type Nanos } from '@perfkeel/core';

/** Shares of a limit that are told when they are reached. */
export const approachShares = [0.7, 0.85, 0.95] as const;

/** What counts against a limit, at one moment. */
export interface LimitUse {
  readonly at: Nanos;
  /** Bytes. */
  readonly used: number;
}

/** The moment at which a share of the limit was reached from below. */
export interface Approach extends LimitUse {
  readonly limit: number;
  /** Of `approachShares`. */
  readonly share: number;
}

/** What became of an approach: how much went away, and how soon. */
export interface CleanUp extends Approach {
  /** Until use was below the lowest share again; absent when it never was. */
  readonly took?: Nanos;
  /** The most that was used from then on until it was, and the least afterwards, up to the next approach of this share. */
  readonly highest: number;
  readonly lowest: number;
}

/** Tells each share once per climb: use must fall below it by a twentieth of the limit before it can be reached again. */
export class ApproachWatch {
  readonly #limit: number;
  readonly #above = new Set<number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns the shares that this use reaches, in ascending order. */
  see({ at, used }: LimitUse): readonly Approach[] {
    const reached: Approach[] = [];
    for (const share of approachShares) {
      if (used < (share - 0.05) * this.#limit) this.#above.delete(share);
      if (used < share * this.#limit || this.#above.has(share)) continue;
      this.#above.add(share);
      reached.push({ at, used, limit: this.#limit, share });
    }
    return reached;
  }
}

/** What became of each approach. Pure; `uses` in the order of time. */
export function cleanUpsOf(approaches: readonly Approach[], uses: readonly LimitUse[]): CleanUp[] {
  return approaches.map((approach, i) => {
    const next = approaches.slice(i + 1).find(({ share }) => share === approach.share);
    const own = uses.filter(({ at }) => at >= approach.at && (next === undefined || at < next.at));
    const below = own.find(({ used }) => used < approachShares[0] * approach.limit);
    const values = own.map(({ used }) => used);
    const rising = own.filter(({ at }) => below === undefined || at <= below.at).map(({ used }) => used);
    return {
      ...approach,
      ...(below === undefined ? {} : { took: nanos(below.at - approach.at) }),
      highest: Math.max(approach.used, ...rising),
      lowest: Math.min(approach.used, ...values),
    };
  });
}
