import {
  describeValue,
  nanos,
  parseDuration,
  parseRate,
  usageError,
  type DurationText,
  type Nanos,
} from '@perfkeel/core';
import { arrivalProcesses, type ArrivalProcess } from './arrival-process.ts';
import type { LoadPace, Ramp } from './pace-options.ts';
import { constant, recordedDuration, totalDuration, type Level, type Phase } from './phase.ts';
import { RateCurve } from './rate-curve.ts';
import { highestRate, mostClients } from './stage.ts';
import { parseStages } from './stages.ts';
import type { ThinkTime, ThinkTimeOptions } from './think-time.ts';

/** Arrivals at rates: requests are due, whether or not earlier ones have been answered. */
export interface OpenProfile {
  readonly model: 'open';
  readonly phases: readonly Phase[];
  readonly arrivals: ArrivalProcess;
}

/** Clients that each wait for an answer before they send again. */
export interface ClosedProfile {
  readonly model: 'closed';
  readonly phases: readonly Phase[];
  readonly think: ThinkTime;
}

/** How much load when: phases one after the other, all of one model. */
export type LoadProfile = OpenProfile | ClosedProfile;

function fail(message: string, hint: string, excerpt?: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

const withoutPace = "Write rate: '100/s' for an open model, or clients: 50 for a closed one.";

/** What was written, before anything is known to be there: in plain JavaScript nothing else looks at it. */
interface Written {
  readonly rate?: unknown;
  readonly clients?: unknown;
  readonly stages?: readonly string[] | undefined;
  readonly arrivals?: unknown;
  readonly think?: ThinkTimeOptions | undefined;
  readonly for?: DurationText | undefined;
  readonly warmup?: DurationText | undefined;
}

/**
 * Understands how much load was asked for.
 *
 * @throws PerfError `bad-load`, `bad-stage` or `bad-quantity`, exit code 2.
 */
export function planProfile(pace: LoadPace): LoadProfile {
  const written: Written = pace;
  const { rate, clients, stages } = written;
  if ([rate, clients, stages].filter((way) => way !== undefined).length > 1) refuseTwoWays(written);
  const { model, phases } = stages === undefined ? steadyPhases(written) : stagedPhases(stages, written);
  if (model === 'open') {
    if (written.think !== undefined) {
      fail('requests at a rate do not wait for answers: nobody thinks between them', 'Use clients: 50.', 'think');
    }
    return { model, phases, arrivals: checkedArrivals(written.arrivals ?? 'uniform') };
  }
  if (written.arrivals !== undefined) {
    fail('clients send when they have an answer: there are no arrivals to spread', "Use a rate: '100/s'.", 'arrivals');
  }
  return { model, phases, think: planThink(written.think ?? '0s') };
}

function refuseTwoWays({ rate, clients, stages }: Written): never {
  if (stages === undefined) return fail('load has both a rate and clients', `Keep one. ${withoutPace}`, 'clients');
  const other = rate === undefined ? 'clients' : 'rate';
  if (rate !== undefined && clients !== undefined) fail('load has a rate, clients and stages', 'Keep one.', 'stages');
  return fail(`load has both ${other === 'rate' ? 'a rate' : other} and stages`, 'Keep one.', other);
}

function stagedPhases(
  stages: readonly string[],
  { for: time, warmup }: Written,
): Pick<LoadProfile, 'model' | 'phases'> {
  if (time !== undefined) fail('stages say themselves how long they last', 'Leave "for" out.', 'for');
  if (warmup !== undefined) {
    fail('the warm-up of stages is a stage', "Put 'warm up at 50/s for 5s' in front of them.", 'warmup');
  }
  return parseStages(stages);
}

function steadyPhases(written: Written): Pick<LoadProfile, 'model' | 'phases'> {
  const { rate, clients } = written;
  if (rate !== undefined) return { model: 'open', phases: levelPhases(rate, readRate, written) };
  if (clients !== undefined) return { model: 'closed', phases: levelPhases(clients, readClients, written) };
  return fail('load has neither a rate nor clients', withoutPace);
}

function readRate(rate: unknown, mayBeNothing: boolean): number {
  const perSecond = parseRate(rate as string);
  if (perSecond > highestRate)
    fail(`a rate of ${describeValue(rate)} is more than ${highestRate}/s`, 'Write a rate that can be sent.', 'rate');
  if (perSecond === 0 && !mayBeNothing) fail('a rate of 0 sends nothing', "Write rate: '100/s'.", 'rate');
  return perSecond;
}

function readClients(clients: unknown, mayBeNone: boolean): number {
  const least = mayBeNone ? 0 : 1;
  if (!Number.isInteger(clients) || (clients as number) < least) {
    fail(`load has ${describeValue(clients)} clients`, `Clients is a whole number from ${least} upwards.`, 'clients');
  }
  if ((clients as number) > mostClients) {
    fail(`load has ${describeValue(clients)} clients`, `Use at most ${mostClients}, or a rate.`, 'clients');
  }
  return clients as number;
}

type ReadLevel = (level: unknown, mayBeNothing: boolean) => number;

const isRamp = (level: unknown): level is Ramp<unknown> => typeof level === 'object' && level !== null;

/** Warm-up and steady phase, or a ramp with a warm-up before it and a steady phase behind it where they are asked for. */
function levelPhases(written: unknown, read: ReadLevel, { for: time, warmup }: Written): readonly Phase[] {
  if (!isRamp(written)) {
    const level = constant(read(written, false));
    const duration = readTime(time);
    const before = warmup === undefined ? nanos(Math.min(duration / 5, 1e9)) : parseDuration(warmup);
    return [...warmupPhase(before, level), { name: 'steady', duration, level, record: true }];
  }
  const level: Level = { from: read(written.from, true), to: read(written.to, true) };
  const duration = parseDuration(written.over);
  if (level.from === level.to) fail('a ramp from a level to itself is none', 'Write the level alone.', 'from');
  if (duration === 0) fail('a ramp needs some time', "Write over: '30s'.", 'over');
  return [
    ...warmupPhase(warmup === undefined ? nanos(0) : parseDuration(warmup), constant(level.from)),
    { name: 'ramp', duration, level, record: true },
    ...(time === undefined
      ? []
      : [{ name: 'steady', duration: readTime(time), level: constant(level.to), record: true }]),
  ];
}

const warmupPhase = (duration: Nanos, level: Level): readonly Phase[] =>
  duration === 0 ? [] : [{ name: 'warm-up', duration, level, record: false }];

function readTime(text: Written['for']): Nanos {
  if (text === undefined) fail('load does not say for how long', "Write for: '10s'.");
  const duration = parseDuration(text);
  if (duration === 0) fail('load for no time measures nothing', "Write for: '10s'.", 'for');
  return duration;
}

function checkedArrivals(arrivals: unknown): ArrivalProcess {
  const known = arrivalProcesses.find((process) => process === arrivals);
  return known ?? fail(`arrivals cannot be ${describeValue(arrivals)}`, "Write 'uniform' or 'poisson'.", 'arrivals');
}

function planThink(think: ThinkTimeOptions): ThinkTime {
  if (typeof think === 'string') return { kind: 'uniform', from: parseDuration(think), to: parseDuration(think) };
  const written = think as { from?: string; to?: string; mean?: string } | null;
  if (written?.mean !== undefined) return { kind: 'exponential', mean: parseDuration(written.mean) };
  if (written?.from === undefined || written.to === undefined) {
    fail(
      `clients cannot think ${describeValue(think)}`,
      "Write think: '1s', { from: '0.5s', to: '2s' } or { mean: '1s' }.",
      'think',
    );
  }
  const [from, to] = [parseDuration(written.from), parseDuration(written.to)];
  if (to < from)
    fail(`clients cannot think from ${written.from} to ${written.to}`, 'Put the shorter one first.', 'think');
  return { kind: 'uniform', from, to };
}

/** How many requests are measured, as far as that is known in advance. */
export const expectedRequests = ({ model, phases }: LoadProfile): number | undefined =>
  model === 'open' ? new RateCurve(phases.filter(({ record }) => record)).total : undefined;

const shortRecorded = 8e8;
const shortUnrecorded = 1e8;

/** The same phases in under a second: a rehearsal. */
export function shortenedProfile<P extends LoadProfile>(profile: P): P {
  const recorded = recordedDuration(profile.phases);
  const unrecorded = totalDuration(profile.phases) - recorded;
  const scale = (record: boolean): number =>
    record ? Math.min(1, shortRecorded / recorded) : Math.min(1, shortUnrecorded / unrecorded);
  const phases = profile.phases.map((phase) => ({ ...phase, duration: nanos(phase.duration * scale(phase.record)) }));
  return { ...profile, phases };
}
