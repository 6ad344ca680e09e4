import { rankInterval, type Estimate } from '@perfkeel/core';

/** Nobody measures more rounds than this to decide one comparison. */
const mostRounds = 200;

/** How many more rounds a side the rank interval takes: of equal sides, 4 reach 95 % and 5 reach 99 %. */
export function missingRounds(base: number, head: number, confidence: number): number {
  let more = 0;
  while (rankInterval(base + more, head + more, confidence).cut === undefined) more++;
  return more;
}

/**
 * The least rounds of both sides with which ranks can call one of so many metrics changed: an interval that ends, and a
 * p value, 2 / C(2n, n) at best, that is small enough among all of them.
 */
export function leastRounds(confidence: number, metrics: number): number {
  let rounds = missingRounds(0, 0, confidence);
  while (bestP(rounds) * metrics > (1 - confidence) * (1 + 1e-9)) rounds++;
  return rounds;
}

function bestP(rounds: number): number {
  let ways = 1;
  for (let i = 1; i <= rounds; i++) ways *= (rounds + i) / i;
  return 2 / ways;
}

/** `5 rounds a side: run both with --rounds 5`; other tools, whose files were imported, have other flags. */
export const roundsOfBoth = (rounds: number, imported: boolean): string =>
  `${rounds} rounds a side${imported ? '' : `: run both with --rounds ${rounds}`}`;

/**
 * How many more rounds a side would decide, as a sentence.
 *
 * The half width h of an interval shrinks with the root of the number of rounds n. An effect e that matters is decided
 * when its interval no longer reaches 0, so at a half width of |e|; a smaller one when its interval lies inside the
 * limit, at |limit - |e||:
 *
 *     needed = n (h / distance)^2,   distance = |e| if |e| >= least, else limit - |e|
 *
 * with h the longer side of the interval and n the harmonic mean of the rounds of both sides.
 *
 * @param limit the smallest change that matters
 * @param least the smallest estimate that is called a change
 */
export function roundsThatWouldDecide(
  effect: Estimate,
  base: number,
  head: number,
  limit: number,
  least = limit,
): string {
  const more = roundsMissing(effect, base, head, limit, least);
  if (more === undefined) return `more than ${mostRounds} rounds a side, or a steadier machine`;
  return moreRounds(more, 'about ');
}

/** The same as a number, at least one; `undefined` for more than anybody measures. */
export function roundsMissing(
  effect: Estimate,
  base: number,
  head: number,
  limit: number,
  least = limit,
): number | undefined {
  const half = Math.max(effect.hi - effect.value, effect.value - effect.lo);
  const size = Math.abs(effect.value);
  const distance = size >= least ? size : limit - size;
  const rounds = (2 * base * head) / (base + head);
  const needed = Math.ceil(rounds * (half / distance) ** 2);
  return needed <= mostRounds ? Math.max(1, needed - Math.min(base, head)) : undefined;
}

/** `3 more rounds a side`; at least one. */
export function moreRounds(count: number, about = ''): string {
  const more = Math.max(1, count);
  return `${about}${more} more round${more === 1 ? '' : 's'} a side`;
}
