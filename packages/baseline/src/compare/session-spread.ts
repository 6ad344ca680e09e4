import type { Environment, Estimate, Run, Unit, Warning } from '@perfkeel/core';
import { isTimed } from './change.ts';
import type { RunPair } from './side-gates.ts';

/**
 * How far times of the same code may be apart between two sessions, as a ratio. Chosen for steady machines of one class;
 * hosted runners differ by far more, which is why a pull request is compared with both sides in one session.
 */
const spreads = { alike: 0, otherConditions: 0.02, otherHost: 0.03 };

/** A difference in pressure, as a share of time waiting for a processor, that is worth a word. */
const notablePressure = 0.1;

/** What differs between two environments of one class. */
function differences(base: Environment, head: Environment): readonly string[] {
  const fit = ({ fitness }: Environment): string => (fitness?.fit === false ? 'unfit to measure' : 'fit to measure');
  const place = ({ ci }: Environment): string => (ci ? 'a CI runner' : 'no CI runner');
  const waiting = ({ cpuPressure }: Environment): number => Math.max(0, ...(cpuPressure ?? []));
  const pairs: readonly (readonly [string, string])[] = [
    [place(base), place(head)],
    [fit(base), fit(head)],
  ];
  const busier = Math.abs(waiting(base) - waiting(head)) > notablePressure;
  const pressures = [base, head].map((side) => `${Math.round(waiting(side) * 100)} %`);
  return [
    ...pairs.filter(([from, to]) => from !== to).map(([from, to]) => `${from} and ${to}`),
    ...(busier ? [`${pressures.join(' and ')} of the time waiting for a processor`] : []),
  ];
}

/** By how much sessions of these runs may be apart. Runs of different classes are not compared at all. */
function spreadOf({ base, head }: RunPair): number {
  if (base.environment.host !== head.environment.host) return spreads.otherHost;
  return differences(base.environment, head.environment).length > 0 ? spreads.otherConditions : spreads.alike;
}

/** The interval of a time or a rate between two sessions: what the sessions may be apart is added at both ends. */
export function widened(effect: Estimate, runs: RunPair, unit: Unit): Estimate {
  const spread = spreadOf(runs);
  if (spread === 0 || !isTimed(unit) || !(effect.value > -1)) return effect;
  return {
    ...effect,
    // Below -1 where rates that may be 0 are compared by their difference.
    lo: (effect.lo < -1 ? (1 + effect.lo) * (1 + spread) : (1 + effect.lo) / (1 + spread)) - 1,
    hi: (1 + effect.hi) * (1 + spread) - 1,
    method: `${effect.method}, widened by ${percent(spread)} at both ends`,
  };
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** What differs between two runs of one class without forbidding to compare them, and what follows. */
export function environmentNotes(runs: RunPair): Warning[] {
  const hosts = [runs.base, runs.head].map(({ environment }: Run) => environment.host);
  const parts = [
    ...(hosts[0] === hosts[1] ? [] : [`hosts ${hosts.join(' and ')}`]),
    ...differences(runs.base.environment, runs.head.environment),
  ];
  if (parts.length === 0 || runs.base.environment.class !== runs.head.environment.class) return [];
  const message = `base and head were measured under different conditions (${parts.join('; ')}): intervals of times and rates are wider by ${percent(spreadOf(runs))} at both ends`;
  return [{ code: 'environment-differs', message }];
}

/**
 * Rounds of a run share what their session did to them: the temperature of the machine, its neighbours, the layout of
 * its memory. No number of rounds shows that in the spread between them.
 */
export const separateSessions: Warning = Object.freeze({
  code: 'separate-sessions',
  message:
    "measured at different times: what differed between the two sessions is in these intervals only by luck; small changes may be the machine's",
});
