import { formatNumber, formatQuantity, type Warning } from '@perfkeel/core';
import type { ConcurrencyPlan } from './concurrency-plan.ts';
import type { ConcurrencyResult } from './concurrency-result.ts';

/** What was measured, and of what was asked the part that says how to take it. */
export type Measured = Omit<ConcurrencyResult, 'warnings' | 'verdict'>;
type Asked = Pick<ConcurrencyPlan, 'clients' | 'errorsExpected'>;

/** Below this share of pairs that ran at the same time, the clients rather took turns. */
const leastOverlap = 0.5;
/** Above this share of operations without an answer it is not the operation that was raced. */
const mostFailed = 0.1;

/** A reason why no violation proves nothing, or a remark. */
type Remark = Omit<Warning, 'forbids'> & { readonly doubt?: boolean };

/** Looks at one thing. */
type Look = (measured: Measured, asked: Asked) => readonly Remark[];

const share = (ratio: number): string => formatQuantity(ratio, 'ratio');
const doubt = (code: string, message: string): readonly Remark[] => [{ code, message, doubt: true }];
const remark = (code: string, message: string): readonly Remark[] => [{ code, message }];

/** Remarks of one code are merged in reports, so that all invariants have to be in one. */
const broken: Look = ({ findings }) => {
  const messages = findings
    .filter(({ violations }) => violations.length > 0)
    .map(({ invariant, violations }) => {
      const more = violations.length - 1;
      return `${invariant}: ${violations[0]!.message}${more === 0 ? '' : ` (and ${formatNumber(more)} more like it)`}`;
    });
  return messages.length === 0 ? [] : remark('invariant-broken', messages.join('; '));
};

/** What n bursts without a violation say of the next one. */
const power: Look = ({ violations, bursts, upperBound }, { clients }) =>
  violations > 0
    ? []
    : remark(
        'no-violation-seen',
        `no violation in ${bursts} burst${bursts === 1 ? '' : 's'} of ${clients} clients: with 95 % confidence less than ${share(upperBound)} of such bursts have one`,
      );

const raced: Look = ({ overlap: { mostInFlight, share: overlapping, pairs } }) => {
  const facts = `at most ${mostInFlight} operations were under way at once, and ${share(overlapping)} of the pairs in a burst overlapped`;
  if (pairs > 0 && mostInFlight > 1 && overlapping >= leastOverlap) return remark('overlap', facts);
  return doubt('too-little-overlap', `${facts}: they hardly raced`);
};

const proven: Look = ({ control }) => {
  if (control === undefined) {
    return remark('no-control', 'without a control it is not known that a violation would have been seen');
  }
  const { detected, violatedBursts, bursts, counterexample, error } = control;
  if (detected) {
    return remark(
      'control-detected',
      `the control was caught in ${violatedBursts} of ${bursts} bursts: ${counterexample}`,
    );
  }
  const failing = error === undefined ? '' : `; it also failed with: ${error}`;
  return doubt(
    'control-not-detected',
    `the control is broken, as it says, and was not caught in ${bursts} bursts${failing}`,
  );
};

const vacuous: Look = ({ findings }) => {
  const names = findings.filter(({ examined }) => examined === 0).map(({ invariant }) => invariant);
  if (names.length === 0) return [];
  return doubt(
    'nothing-examined',
    `${names.join(', ')}: there was nothing to look at; does \`op\` return what it speaks of?`,
  );
};

const undecided: Look = ({ findings }) => {
  const messages = findings.flatMap(({ invariant, undecided }) =>
    undecided === undefined ? [] : [`${invariant}: ${undecided}`],
  );
  return messages.length === 0 ? [] : doubt('undecided', messages.join('; '));
};

const unanswered: Look = ({ operations, outcomes: { unknown } }) => {
  if (unknown === 0) return [];
  const first = operations.find(({ outcome }) => outcome === 'unknown')?.error;
  const text = `${unknown} of ${operations.length} operations have an unknown outcome, the first: ${first}`;
  return unknown > mostFailed * operations.length ? doubt('unknown-outcomes', text) : remark('unknown-outcomes', text);
};

const refused: Look = ({ operations, outcomes: { error } }, { errorsExpected }) => {
  if (error === 0) return [];
  const first = operations.find(({ outcome }) => outcome === 'error')?.error;
  const text = `${error} of ${operations.length} operations were refused, the first: ${first}`;
  const many = error > mostFailed * operations.length && !errorsExpected;
  return many
    ? doubt('failed-operations', `${text}; errorsExpected: true says that this is right`)
    : remark('failed-operations', text);
};

const retries: Look = ({ retried, operations }) =>
  retried === 0 ? [] : remark('retried', `${operations.length} operations took ${retried} more attempts`);

const gaveUp: Look = ({ dropped }) =>
  dropped === 0
    ? []
    : doubt('gave-up', `${dropped} operations were not tried, because nothing answered in two bursts in a row`);

/** Everything that there is to say about a round. A violation that was seen is one, whatever else may be doubtful. */
export function concurrencyWarnings(measured: Measured, asked: Asked): readonly Warning[] {
  const looks = [broken, power, raced, proven, vacuous, undecided, unanswered, refused, retries, gaveUp];
  return looks
    .flatMap((look) => look(measured, asked))
    .map(({ code, message, doubt }) => ({
      code,
      message,
      ...(doubt === true && measured.violations === 0 ? { forbids: 'verdict' as const } : {}),
    }));
}
