import {
  refuseUnknownOptions,
  usageError,
  type CommonOptions,
  type Declaration,
  parseDuration,
  type DurationText,
  type PercentText,
  type RunningTarget,
  type SizeText,
  type TargetSpec,
} from '@perfkeel/core';
import { isDeclaration, targetDuring } from './during-load.ts';
import type { LeakRequest } from './http-work.ts';
import type { SnapshotMoment } from './keep-snapshots.ts';
import { planLeak } from './leak-plan.ts';
import type { Mark } from './phases/phase-marks.ts';
import { checkPhases } from './phases/phase-metrics.ts';
import { planProjections, type ProjectionOptions } from './leak-projections.ts';

/** What a leak declaration can promise. */
export type LeakObjective =
  | `growth ${'<' | '<='} ${SizeText}/op`
  | `growth of ${string} ${'<' | '<='} ${SizeText}/op`
  | `${'given-back' | 'rss-given-back'} ${'>' | '>='} ${PercentText}`
  | `idle-growth ${'<' | '<='} ${SizeText}/${'s' | 'm' | 'h'}`
  | `${'heap' | 'rss' | 'projected'} ${'<' | '<='} ${SizeText}`;

interface LeakExtent extends CommonOptions<LeakObjective>, ProjectionOptions {
  /** Calls between two samples. @default as many as fit the duration and the memory */
  readonly iterations?: number;
  /** Rounds of iterations inside the process, each followed by a sample; 40 are needed to call a leak. @default 48 */
  readonly samples?: number;
  /** What a round aims at when it chooses the iterations. @default '6s', and '20s' against a target */
  readonly duration?: DurationText;
  /** The same as `duration`, in the word of a load: `for: '8h'`. */
  readonly for?: DurationText;
  /** Also looks, for so long, at what grows while nothing is asked of it: timers, logs, refreshes. @default not */
  readonly idle?: DurationText;
  /**
   * Also tells how much of the memory that a load takes is given back, so long after it: the work goes on for a quarter
   * of `duration` without a collection, then nothing is asked. @default not
   */
  readonly cleanUp?: DurationText;
  /**
   * Phases that the work marks, each of which is told apart: `growth of switch < 64B/op`. Half of `duration` more, with
   * a collection at each mark. @default none
   */
  readonly phases?: readonly string[];
  /** Says after a verdict of leak what keeps the memory, from three snapshots of the heap. @default true */
  readonly explain?: boolean;
  /**
   * Keeps those snapshots in this folder, against the folder of the perf config; also where `snapshots` go.
   *
   * @default they are removed; those of `snapshots` are in '.perf/heap'
   */
  readonly keepSnapshots?: string;
  /**
   * Writes the heap down, compressed: two snapshots some iterations apart when an objective is missed (`on-failure`), one
   * when memory runs out (`near-limit`). Nothing is written where memory or disk might not suffice. @default none
   */
  readonly snapshots?: SnapshotMoment | readonly SnapshotMoment[];
  /** Iterations under way at once. @default 1, and 10 with `request` */
  readonly clients?: number;
}

/** `State` is what `setup` returns, and what every cycle gets. */
export interface CycleLeak<State = undefined> extends LeakExtent {
  /** One iteration of what must not keep memory. Whatever it returns as a promise is awaited. */
  readonly cycle: (state: State, mark: Mark) => unknown;
  /** Runs once in every round, before the warm-up. */
  readonly setup?: (target: RunningTarget | undefined) => State | Promise<State>;
  /** A command that the runner starts: its memory is judged, and not that of the cycle. */
  readonly target?: TargetSpec;
  /** Caches and pools of the cycle's own process that may grow up to a bound. */
  readonly expectBounded?: readonly BoundedContainer<State>[];
}

/** A container that is allowed to fill. */
export interface BoundedContainer<State = unknown> {
  readonly name: string;
  /** Its entries now. */
  readonly size: (state: State) => number;
  /** Its most entries. */
  readonly atMost: number;
}

/** One iteration is one answer of a target that the runner starts. */
export interface RequestLeak extends LeakExtent {
  readonly target: TargetSpec;
  readonly request: LeakRequest;
  /** Opens a new connection for every request. @default false */
  readonly churn?: boolean;
}

/** Iterations are what some other load completes. */
export interface DuringLeak extends Omit<LeakExtent, 'clients'> {
  /** A load has its own. */
  readonly clients?: never;
  /** @default the target of the load that is declared in `during` */
  readonly target?: TargetSpec;
  /**
   * A declaration of load, which is then run for this leak and not by itself; or a function that sends some load, waits
   * for its end, and resolves with the requests that it completed. It is repeated for as long as the measurement lasts.
   */
  readonly during: Declaration | ((target: RunningTarget, signal: AbortSignal, mark: Mark) => number | Promise<number>);
}

export type LeakOptions<State = undefined> = CycleLeak<State> | RequestLeak | DuringLeak;

/** As written, whichever kind it is. */
export type WrittenLeak<State> = Partial<CycleLeak<State> & RequestLeak & Omit<DuringLeak, 'clients'>>;

const ownOptions = [
  ...['cycle', 'setup', 'expectBounded', 'target', 'request', 'churn', 'during'],
  ...['iterations', 'samples', 'duration', 'for', 'clients', 'idle', 'cleanUp', 'phases'],
  ...['explain', 'keepSnapshots', 'snapshots', 'project', 'plannedFor', 'rate'],
];
const works = ['cycle', 'request', 'during'] as const;

/** What a compiler would refuse, for those who write JavaScript. @throws PerfError with exit code 2 */
export function checkLeakOptions<State>(name: string, options: LeakOptions<State> | undefined): void {
  const wrong = (message: string, hint: string, excerpt: string): never => {
    throw usageError(`leak(${JSON.stringify(name)}) ${message}`, { code: 'bad-declaration', hint, excerpt });
  };
  const written = (typeof options === 'object' && options !== null ? options : {}) as WrittenLeak<State>;
  const given = works.filter((work) => written[work] !== undefined);
  if (given.length === 0) {
    wrong(
      'has no cycle',
      'Write leak(name, { cycle: () => bus.subscribe(listener)() }), or a target and request.',
      'leak',
    );
  }
  if (given.length > 1)
    wrong(`has both ${given.join(' and ')}`, 'Keep one: each says what an iteration is.', given[1]!);
  if (written.objectives !== undefined && !Array.isArray(written.objectives)) {
    wrong('has objectives that are not a list', "Write objectives: ['growth < 64B/op'].", 'objectives');
  }
  refuseUnknownOptions('leak', name, written, ownOptions);
  if (given[0] !== 'cycle') checkTarget(written, given[0]!, wrong);
  else if (typeof written.cycle !== 'function') wrong('has no cycle', 'Write cycle: () => cache.get(key).', 'cycle');
  checkBounded(written, wrong);
  if (written.for !== undefined && written.duration !== undefined)
    wrong('has both for and duration', "They mean the same: keep for: '8h'.", 'for');
  checkKeeping(written, wrong);
  if (given[0] === 'during' && written.clients !== undefined)
    wrong(
      'has clients, and a load that has its own',
      'Give them to the load: load(name, { clients: 100, … }).',
      'clients',
    );
  if (given[0] !== 'request' && written.churn)
    wrong('has churn and no request', 'Leave it out: only the connections of request can be opened anew.', 'churn');
  if (written.cleanUp !== undefined) parseDuration(written.cleanUp);
  checkPhases(written.phases, written.clients, given[0] === 'cycle' || typeof written.during === 'function');
  const { setup, iterations, samples, clients } = written;
  const duration = lengthOf(written);
  planLeak({ iterate: () => undefined, setup, iterations, samples, duration, clients });
  planProjections(written);
}

/** How long a round is to last, when that is written. */
export const lengthOf = ({ duration, for: length }: Pick<LeakExtent, 'duration' | 'for'>): DurationText | undefined =>
  length ?? duration;

/** The option in which its length is written: of the declaration, or of the command that declares it. */
export type LengthWord = 'for' | 'duration' | '--for';

/** What the command line declares without a file of the user lies in a file of this name. */
const commandFile = /[\\/]one-off\.perf\.ts$/;

export function lengthWord({ for: length }: Pick<LeakExtent, 'for'>, declaredIn = ''): LengthWord {
  if (commandFile.test(declaredIn)) return '--for';
  return length === undefined ? 'duration' : 'for';
}

const requestClients = 10;

/** Calls of the work that may be under way at once. A load of its own has its own clients. */
export const clientsOf = <State>({ request, clients }: WrittenLeak<State>): number =>
  clients ?? (request === undefined ? 1 : requestClients);

type Wrong = (message: string, hint: string, excerpt: string) => never;

/** The process whose memory is judged. */
export const targetOf = <State>({ target, during }: WrittenLeak<State>): TargetSpec | undefined =>
  isDeclaration(during) ? targetDuring(target, during) : target;

function checkTarget<State>(written: WrittenLeak<State>, work: string, wrong: Wrong): void {
  const { request, during } = written;
  const target = targetOf(written);
  if (target?.kind !== 'command') {
    const hint =
      "Write target: target({ command: ['node', 'server.js'] }): memory is read from a process that is started.";
    wrong(target === undefined ? `has ${work} and no target` : 'has a target without a process', hint, work);
  }
  if (work === 'during' && typeof during !== 'function' && !isDeclaration(during)) {
    wrong(
      'has a during that is neither a load nor a function',
      "Write during: load('orders', { target: api, … }), or async ({ url }) => (await generateLoad(...)).completed.",
      'during',
    );
  }
  if (work === 'request' && (typeof request !== 'object' || request === null)) {
    wrong('has a request that is not an object', "Write request: { path: '/orders' }.", 'request');
  }
}

const isMoment = (value: unknown): boolean => value === 'on-failure' || value === 'near-limit';

/** When the heap is to be written down. */
export const momentsOf = <State>({ snapshots = [] }: WrittenLeak<State>): readonly SnapshotMoment[] =>
  Array.isArray(snapshots) ? (snapshots as SnapshotMoment[]) : [snapshots as SnapshotMoment];

function checkKeeping<State>(written: WrittenLeak<State>, wrong: Wrong): void {
  const { keepSnapshots, explain, snapshots } = written;
  const example = "Write snapshots: 'on-failure', or ['on-failure', 'near-limit'].";
  if (snapshots !== undefined && (momentsOf(written).length === 0 || !momentsOf(written).every(isMoment)))
    wrong('has snapshots at no known moment', example, 'snapshots');
  if (keepSnapshots === undefined) return;
  if (typeof keepSnapshots !== 'string' || keepSnapshots === '')
    wrong('has a folder for snapshots that is none', "Write keepSnapshots: '.perf/heap'.", 'keepSnapshots');
  if (snapshots === undefined && (targetOf(written) !== undefined || explain === false)) {
    const hint = "Add snapshots: 'on-failure'. To explain a leak, only a cycle's own process is written down.";
    wrong('keeps snapshots and takes none', hint, 'keepSnapshots');
  }
}

function checkBounded<State>({ expectBounded, target }: WrittenLeak<State>, wrong: Wrong): void {
  if (expectBounded === undefined) return;
  const example = "Write expectBounded: [{ name: 'sessions', size: () => sessions.size, atMost: 10_000 }].";
  const isBound = (each: BoundedContainer<State>): boolean =>
    typeof each?.name === 'string' &&
    typeof each.size === 'function' &&
    each.atMost > 0 &&
    Number.isFinite(each.atMost);
  if (!Array.isArray(expectBounded) || !expectBounded.every(isBound))
    wrong('has a bound that says nothing', example, 'expectBounded');
  if (target !== undefined)
    wrong('has bounds of containers that are in another process', 'Leave out expectBounded.', 'expectBounded');
}
