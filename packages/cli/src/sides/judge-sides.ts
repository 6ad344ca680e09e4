import { defaultPlan, judgeLook } from '@perfkeel/baseline';
import type { JudgeSides } from '@perfkeel/runner';
import type { Change } from '../config.ts';

/** The looks of the plan up to a number of rounds. */
export const looksUpTo = (looks: readonly number[], most = Infinity): readonly number[] =>
  looks.filter((look) => look <= most);

/** The fewest rounds a side after which anything can be said. */
export const fewestRounds = defaultPlan.looks[0]!;

/** Asks the decision what to measure on, at the looks that it was made for. */
export const judgeSides =
  (change: Change): JudgeSides =>
  (stage, look, runs) => {
    const looks = stage === 'screen' ? defaultPlan.looks : defaultPlan.confirmLooks;
    return judgeLook(stage, looks.indexOf(look), runs, change);
  };
