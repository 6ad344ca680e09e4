import { createRng, deriveSeed, shuffled } from '@perfkeel/core';

export type SideName = 'base' | 'head';

/** One round of one benchmark on one side. */
export interface SideRound {
  readonly id: string;
  readonly round: number;
  readonly side: SideName;
}

/** The hash of Bernstein (djb2, with exclusive or): a number for a name. */
const numberOf = (name: string): number =>
  [...name].reduce((hash, letter) => (Math.imul(hash, 33) ^ letter.charCodeAt(0)) >>> 0, 5381);

/**
 * The order of the rounds from `from` up to, not including, `to`.
 *
 * Round by round: every benchmark, in random order, on both sides right after one another. Of two rounds, one begins
 * with base and the other with head, which of them by chance: whatever grows evenly over time falls on both alike.
 *
 *     round 0        round 1        round 2        round 3
 *     base head      head base      head base      base head
 *     `------ ABBA ------'          `------ BAAB ------'
 */
export function orderSides(ids: readonly string[], from: number, to: number, seed: number): SideRound[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index).flatMap((round) =>
    shuffled(ids, createRng(deriveSeed(seed, round))).flatMap((id) =>
      sidesOf(id, round, seed).map((side) => ({ id, round, side })),
    ),
  );
}

function sidesOf(id: string, round: number, seed: number): readonly SideName[] {
  const block = Math.floor(round / 2);
  const baseFirst = createRng(deriveSeed(seed ^ numberOf(id), block))() < 0.5;
  return baseFirst === (round % 2 === 0) ? ['base', 'head'] : ['head', 'base'];
}
