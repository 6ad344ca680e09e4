import { formatQuantity, type Warning } from '@perfkeel/core';
import type { CapacityPlan } from './capacity-plan.ts';
import type { CapacityTrial } from './capacity-result.ts';
import { kneeWarnings, type KneeEvidence } from './knee-evidence.ts';
import type { SearchEnd } from './search-capacity.ts';

type Found = SearchEnd & {
  readonly trials: readonly CapacityTrial[];
  readonly limitedBy: readonly string[];
  readonly evidence?: KneeEvidence | undefined;
};

type Look = (found: Found, plan: CapacityPlan) => readonly Warning[];

const rate = (value: number): string => formatQuantity(value, '1/s');
const remark = (code: string, message: string): readonly Warning[] => [{ code, message }];

const limit: Look = ({ limitedBy, upper }) =>
  limitedBy.length === 0 ? [] : remark('limited-by', `at ${rate(upper)} it is no longer kept: ${limitedBy.join(', ')}`);

const edge: Look = ({ reason }, { goal }) => {
  if (reason === 'below') {
    return remark(
      'below-range',
      `even ${rate(goal.low)}, the lowest rate of the search, was too much: lower the first rate of "between" to find the capacity`,
    );
  }
  return reason === 'above'
    ? remark(
        'above-range',
        `even ${rate(goal.high)}, the highest rate of the search, was kept: raise the second rate of "between" to find the capacity`,
      )
    : [];
};

const unfinished: Look = ({ reason, lower, upper }, { goal }) => {
  if (reason !== 'out-of-time') return [];
  const start = `the search had no more time after ${formatQuantity(goal.budget, 'ns')}`;
  if (lower > 0 || upper < Infinity) {
    return remark('out-of-time', `${start}: the capacity lies between ${rate(lower)} and ${rate(upper)}`);
  }
  const message = `${start}, and no rate was shown to hold or not to hold: give it a longer budget`;
  return [{ code: 'out-of-time', message, forbids: 'verdict' }];
};

/** Numbers of a generator that cannot keep up are none of the target. */
const invalid: Look = ({ reason, trials }) => {
  const spoilt = trials.filter(({ outcome }) => outcome === 'invalid');
  if (spoilt.length === 0) return [];
  const message = `${spoilt.length} of ${trials.length} trials were repeated, because the generator was in doubt: ${spoilt.at(-1)!.reasons.join(', ')}`;
  return reason === 'not-valid'
    ? [{ code: 'generator-in-doubt', message, forbids: 'verdict' }]
    : remark('repeated-trials', message);
};

/** A slow machine makes a capacity lower, and never higher. */
const doubtful: Look = ({ doubtful, upper, limitedBy }) =>
  doubtful
    ? [
        {
          code: 'doubtful-limit',
          message: `what was missed at ${rate(upper)} may have been this machine: ${limitedBy.at(-1) ?? 'it was busy'}`,
          forbids: 'fail',
        },
      ]
    : [];

/** Of a machine that was in doubt anyway, that it was busier then explains as much. */
const relapse: Look = ({ verified, lower, doubtful, trials }) => {
  if (verified !== false) return [];
  const unsure = doubtful || trials.some(({ outcome }) => outcome === 'invalid');
  const cause = `overload leaves something behind (metastable)${unsure ? ', or this machine was busier then' : ''}`;
  return remark('relapsed', `${rate(lower)} held, and did not hold any longer after higher rates: ${cause}`);
};

const elsewhere: Look = ({ trials }) => {
  const message = trials.at(-1)?.elsewhere;
  return message === undefined ? [] : remark('redirected', message);
};

const why: Look = ({ evidence }) => (evidence === undefined ? [] : kneeWarnings(evidence));

/** Everything that there is to say about a search. */
export const capacityWarnings = (found: Found, plan: CapacityPlan): readonly Warning[] =>
  [limit, why, edge, unfinished, invalid, doubtful, relapse, elsewhere].flatMap((look) => look(found, plan));
