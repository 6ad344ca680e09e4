import { formatQuantity, type Warning } from '@perfkeel/core';
import { isLocalExhaustion } from './failure.ts';
import type { LoadResult } from './load-result.ts';

/** Lag that no one would notice. */
const smallLag = 10e6;
const lateAt = [
  ['p99', 0.99, smallLag],
  ['p50', 0.5, 0],
] as const;
const busy = 0.9;
const enough = 0.99;

type Measured = Omit<LoadResult, 'warnings'> & { readonly cutAnswers: number };

/** Looks for a reason to doubt; `undefined` when there is none. */
type Doubt = (measured: Measured) => Warning | undefined;

const time = (ns: number): string => formatQuantity(ns, 'ns');
const share = (ratio: number): string => formatQuantity(ratio, 'ratio');

/**
 * Response times contain what the generator itself was late by. At the median any tenth of them counts; at p99 only what
 * somebody would notice, since every machine hiccups.
 */
const late: Doubt = ({ scheduleLag, responseTime }) => {
  if (scheduleLag === undefined || scheduleLag.count === 0) return undefined;
  for (const [name, q, small] of lateAt) {
    const lag = scheduleLag.quantile(q);
    const response = responseTime.count === 0 ? undefined : responseTime.quantile(q);
    if (lag <= Math.max(small, 0.1 * (response ?? 0)) || (response === undefined && small === 0)) continue;
    const against = response === undefined ? '' : `, against a response time of ${time(response)} at ${name}`;
    return { code: 'generator-late', message: `the generator was late by ${time(lag)} at ${name}${against}` };
  }
  return undefined;
};

const overworked: Doubt = ({ eventLoopUtilisation }) =>
  eventLoopUtilisation > busy
    ? { code: 'generator-busy', message: `the generator was busy ${share(eventLoopUtilisation)} of the time` }
    : undefined;

/** One straggler at the end of a short window is no shortfall. */
const behind: Doubt = ({ achieved, scheduled, interrupted }) =>
  achieved !== undefined && !interrupted && achieved < enough && (1 - achieved) * scheduled > 1.5
    ? { code: 'generator-behind', message: `only ${share(achieved)} of the requests were sent within the window` }
    : undefined;

const exhausted: Doubt = ({ firstMessages }) =>
  firstMessages.other !== undefined && isLocalExhaustion(firstMessages.other)
    ? {
        code: 'generator-exhausted',
        message: `this machine ran out of files, ports or buffers: ${firstMessages.other}`,
      }
    : undefined;

const censored: Doubt = ({ censored, responseTime }) =>
  censored > 0
    ? {
        code: 'censored',
        message: `${censored} of ${responseTime.count} times are timeouts: they mean "at least", and so do the mean and the quantiles above p${trimmed(100 * (1 - censored / responseTime.count))}`,
      }
    : undefined;

const untimed: Doubt = ({ failed, failures, censored, scheduled }) => {
  const count = failed - failures.status - censored;
  if (count === 0) return undefined;
  return {
    code: 'untimed-failures',
    message: `${count} of ${scheduled} requests got no answer and have no response time`,
  };
};

const closed: Doubt = ({ model }) =>
  model === 'closed'
    ? {
        code: 'closed-model',
        message: 'closed model: the response time is the service time, and a slow target gets fewer requests',
      }
    : undefined;

const misread: Doubt = ({ cutAnswers }) =>
  cutAnswers > 0
    ? {
        code: 'cut-answers',
        message: `${cutAnswers} answers ended in their middle, after which autocannon may misread later ones: measure with a rate`,
      }
    : undefined;

const trimmed = (value: number): string => String(Number(value.toFixed(2)));

/** Every reason to doubt the numbers of a run. */
export const doubtsAbout = (measured: Measured): readonly Warning[] =>
  [closed, late, overworked, behind, exhausted, censored, untimed, misread]
    .map((doubt) => doubt(measured))
    .filter((warning) => warning !== undefined);
