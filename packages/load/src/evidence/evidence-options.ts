import {
  describeValue,
  nanosFromMs,
  nearest,
  parseDuration,
  usageError,
  type DurationText,
  type Nanos,
  type TargetSpec,
} from '@perfkeel/core';

/** Where to ask a target why it is as fast as it is. */
export interface EvidenceOptions {
  /** Where it tells its metrics, as text of Prometheus or OpenMetrics: a path of the target, or a whole url. */
  readonly metrics?: string;
  /** How often it is asked while load is measured, from '100ms' to '60s'. @default '1s' */
  readonly every?: DurationText;
}

/** The option of everything that sends load. */
export interface WithEvidence {
  /**
   * Asks the target while it is under load, and says what holds it up: `true` asks the processes of Node that perfkeel
   * starts for it, by an agent that is preloaded through `NODE_OPTIONS`; with `metrics` also what the target exposes.
   *
   * @default false
   */
  readonly evidence?: boolean | EvidenceOptions;
}

/** Evidence options that have been understood. */
export interface EvidencePlan {
  /** A path that begins with a slash, or a whole url. */
  readonly metrics?: string | undefined;
  readonly every: Nanos;
}

const [shortest, longest] = [nanosFromMs(100), nanosFromMs(60_000)];
const known = ['metrics', 'every'];
const example =
  "Write evidence: { metrics: '/metrics', every: '1s' }, or evidence: true for a target that perfkeel starts.";

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

/** @throws PerfError `bad-load` or `bad-quantity`, exit code 2. */
export function planEvidence(written: unknown): EvidencePlan | undefined {
  if (written === undefined || written === false) return undefined;
  if (written === true) return { every: parseDuration('1s') };
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    fail(`evidence is ${describeValue(written)}`, example, 'evidence');
  }
  const stranger = Object.keys(written).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    const meant = nearest(stranger, known);
    fail(`evidence has no option "${stranger}"`, meant === undefined ? example : `Did you mean "${meant}"?`, stranger);
  }
  const { metrics, every } = written as EvidenceOptions;
  return { metrics: planMetrics(metrics), every: planEvery(every) };
}

function planMetrics(metrics: unknown): string | undefined {
  if (metrics === undefined) return undefined;
  const isPath = typeof metrics === 'string' && metrics.startsWith('/') && !metrics.startsWith('//');
  const isUrl = typeof metrics === 'string' && /^https?:\/\//i.test(metrics) && URL.canParse(metrics);
  if (isPath || isUrl) return metrics;
  return fail(
    `no metrics can be read at ${describeValue(metrics)}`,
    "Write a path of the target, metrics: '/metrics', or a whole url with http or https.",
    'metrics',
  );
}

function planEvery(every: unknown): Nanos {
  const time = parseDuration((every ?? '1s') as string);
  if (time >= shortest && time <= longest) return time;
  return fail(`evidence is read every ${describeValue(every)}`, "Write a time from '100ms' to '60s'.", 'every');
}

/**
 * Whether there is anybody to ask.
 *
 * @throws PerfError `bad-load`, exit code 2.
 */
export function expectWitness(plan: EvidencePlan | undefined, target: TargetSpec | undefined): void {
  if (plan === undefined || target?.kind === 'command') return;
  if (plan.metrics === undefined) {
    fail(
      'evidence has nobody to ask: the process of the target is not known',
      "Say where it tells its metrics: evidence: { metrics: '/metrics' }. Or let perfkeel start it: target({ command: ['node', 'server.js'] }).",
      'evidence',
    );
  }
  if (target === undefined && plan.metrics.startsWith('/')) {
    fail(
      `the metrics at ${describeValue(plan.metrics)} belong to no target`,
      "Write the whole url: metrics: 'http://127.0.0.1:3000/metrics'.",
      'metrics',
    );
  }
}

/** Whose evidence is wanted is started in a way that it can be asked. */
export const observed = (target: TargetSpec | undefined, plan: EvidencePlan | undefined): TargetSpec | undefined =>
  plan === undefined || target?.kind !== 'command' ? target : { ...target, observed: true };
