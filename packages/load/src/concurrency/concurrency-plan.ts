import { describeValue, parseDuration, usageError, type Nanos } from '@perfkeel/core';
import type { ConcurrencyHands, ConcurrencySubject } from './concurrency-options.ts';
import type { Invariant } from './invariant.ts';
import type { SequentialModel } from './linearizability/sequential-model.ts';
import { isTransient, isUncertain } from './uncertain-error.ts';

/** Options that have been understood, with their defaults. Types of values are the invariants' business from here on. */
export interface ConcurrencyPlan {
  readonly clients: number;
  readonly bursts: number;
  readonly timeout: Nanos;
  readonly retries: number;
  readonly retryWhen: (error: unknown) => boolean;
  readonly unknownWhen: (error: unknown) => boolean;
  readonly errorsExpected: boolean;
  readonly input: ConcurrencySubject<unknown, unknown, unknown>['input'];
  readonly subject: ConcurrencyHands<unknown, unknown, unknown>;
  readonly control?: ConcurrencyHands<unknown, unknown, unknown> | undefined;
  readonly invariants: readonly Invariant[];
  readonly linearizable?: { readonly model: SequentialModel; readonly budget: Nanos } | undefined;
}

/** Every operation is kept until the end of the round. */
const mostOperations = 1_000_000;

function fail(message: string, hint: string, excerpt?: string): never {
  throw usageError(message, { code: 'bad-concurrency', hint, ...(excerpt === undefined ? {} : { excerpt }) });
}

/**
 * Checks the options of a concurrency benchmark and completes them.
 *
 * @throws PerfError `bad-concurrency` or `bad-quantity`, exit code 2.
 */
export function planConcurrency<Value, State, Input>(
  options: ConcurrencySubject<Value, State, Input>,
): ConcurrencyPlan {
  if (typeof options !== 'object' || options === null) {
    fail(
      'concurrency needs options',
      "Write concurrency('reserve ids', { clients: 50, op, invariants: [uniqueValues()] }).",
    );
  }
  const given = options as unknown as ConcurrencySubject<unknown, unknown, unknown>;
  const { clients, bursts = 20, input, control, errorsExpected = false } = given;
  wholeNumber('clients', clients, 2, 'One client has nobody to race with. ');
  wholeNumber('bursts', bursts, 1);
  if (clients * bursts > mostOperations) {
    fail(`${clients * bursts} operations are more than can be kept`, `At most ${mostOperations}.`, 'bursts');
  }
  optionalFunctions(given, ['input', 'setup', 'prepare', 'readBack', 'teardown', 'retryWhen', 'unknownWhen']);
  if (typeof given.op !== 'function') fail('concurrency has no operation', 'Write op: async ({ client }) => ….', 'op');
  const { setup, prepare, readBack, teardown, op } = given;
  const subject = { op, setup, prepare, readBack, teardown };
  const { invariants, linearizable } = planInvariants(given);
  needReadBack(invariants, subject);
  return {
    ...{ clients, bursts, input, subject, errorsExpected, invariants, linearizable },
    ...planPatience(given),
    ...(control === undefined ? {} : { control: planControl(control, subject) }),
  };
}

function wholeNumber(option: string, value: unknown, least: number, why = ''): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  fail(
    `concurrency has ${describeValue(value)} ${option}`,
    `${why}Write a whole number from ${least} upwards: ${option}: ${Math.max(least, 20)}.`,
    option,
  );
}

function optionalFunctions(options: object, names: readonly string[]): void {
  for (const name of names) {
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined || typeof value === 'function') continue;
    fail(`\`${name}\` of concurrency is ${describeValue(value)}, and no function`, `Write ${name}: () => ….`, name);
  }
}

const isInvariant = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Invariant).examine === 'function';

function planInvariants({
  invariants = [],
  linearizable,
}: ConcurrencySubject<unknown, unknown, unknown>): Pick<ConcurrencyPlan, 'invariants' | 'linearizable'> {
  if (!Array.isArray(invariants) || !invariants.every(isInvariant)) {
    fail(
      'the invariants of concurrency are no list of invariants',
      'Write invariants: [uniqueValues()].',
      'invariants',
    );
  }
  if (invariants.length === 0 && linearizable === undefined) {
    fail('concurrency has nothing that must hold', 'Write invariants: [uniqueValues()].', 'invariants');
  }
  if (linearizable === undefined) return { invariants };
  const { model, budget = '2s' } = linearizable ?? {};
  if (typeof model?.apply !== 'function') {
    fail('linearizable has no model', 'Write linearizable: { model: registerModel() }.', 'linearizable');
  }
  return { invariants, linearizable: { model: model as SequentialModel, budget: parseDuration(budget) } };
}

function needReadBack(
  invariants: readonly Invariant[],
  { readBack }: ConcurrencyHands<unknown, unknown, unknown>,
): void {
  const reader = invariants.find(({ readsBack }) => readsBack);
  if (reader === undefined || readBack !== undefined) return;
  fail(
    `the invariant "${reader.name}" looks at what the system holds at the end, and nothing reads it back`,
    'Write readBack: async ({ setup }) => [ … ].',
    'invariants',
  );
}

/** Node's timers end at 24.8 days: a longer one would fire at once. */
const longestTimeout = 24 * 3600e9;

type Patience = Pick<ConcurrencyPlan, 'timeout' | 'retries' | 'retryWhen' | 'unknownWhen'>;

function planPatience(options: ConcurrencySubject<unknown, unknown, unknown>): Patience {
  const { idempotent = false, retries = idempotent ? 3 : 0 } = options;
  wholeNumber('retries', retries, 0);
  if (retries > 0 && !idempotent) {
    fail('only what is idempotent may be tried again', 'Write idempotent: true beside retries, if it is.', 'retries');
  }
  const timeout = parseDuration(options.timeout ?? '10s');
  if (timeout === 0) fail('a timeout of 0 leaves no time to answer', "Write timeout: '10s'.", 'timeout');
  if (timeout > longestTimeout)
    fail('nobody waits longer than a day for an answer', "Write timeout: '10s'.", 'timeout');
  return {
    timeout,
    retries,
    retryWhen: options.retryWhen ?? isTransient,
    unknownWhen: options.unknownWhen ?? isUncertain,
  };
}

type Hands = ConcurrencyHands<unknown, unknown, unknown>;

function planControl(control: Partial<Hands>, subject: Hands): Hands {
  const hands = ['op', 'setup', 'prepare', 'readBack', 'teardown'];
  const known =
    typeof control === 'object' && control !== null && Object.keys(control).every((key) => hands.includes(key));
  if (!known || Object.keys(control).length === 0) {
    fail(
      'the control of concurrency is no twin of it',
      `It may bring ${hands.join(', ')}: control: { op }.`,
      'control',
    );
  }
  optionalFunctions(control, hands);
  return { ...subject, ...control };
}
