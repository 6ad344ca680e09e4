import { describeValue, usageError } from '@perfkeel/core';
import type { RequestOptions } from '../prepared-request.ts';
import { prepareRequest, type PreparedRequest } from '../prepared-request.ts';
import type { LoadProfile } from '../profile/load-profile.ts';
import { endpointsOf } from './check-name.ts';
import type { TemplateCall } from './request-template.ts';

/** Values that earlier steps of the same visit have captured, by name. Asking for one that is not there throws. */
export type Captured = Readonly<Record<string, string | number>>;

/** What the request of a step is made of. */
export interface StepCall<Row = unknown> extends Omit<TemplateCall<Row>, 'parameters'> {
  readonly captured: Captured;
}

/** What a step may capture values from. */
export interface StepAnswer {
  readonly status: number;
  /** Names in lower case; several of one name in one text, with commas between them. */
  readonly headers: Readonly<Record<string, string>>;
  /** As text in UTF-8. */
  readonly body: string;
}

interface StepParts {
  /** Steps with a name have results of their own: `'p99 of login.response-time < 200ms'`. */
  readonly name?: string;
  /** What later steps need of the answer. Throwing, or a value that is missing, fails the step. */
  readonly capture?: (answer: StepAnswer) => Captured;
}

type StepRequest = Omit<RequestOptions, 'weight'>;

/** One request of several that follow each other: known in advance, or made of what was captured. */
export type Step<Row = unknown> = StepParts &
  (
    | (StepRequest & { readonly request?: never })
    | { readonly request: (call: StepCall<Row>) => StepRequest; readonly path?: never }
  );

/** A step that has been understood. */
export interface PlannedStep {
  /** In messages. */
  readonly title: string;
  /** The place of its name among the endpoints; -1 without one. */
  readonly endpoint: number;
  readonly make: (call: StepCall) => PreparedRequest;
  readonly capture: StepParts['capture'];
}

export interface PlannedSteps {
  readonly steps: readonly PlannedStep[];
  readonly endpoints: readonly string[];
}

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

const mostSteps = 100;

/**
 * Understands a list of steps.
 *
 * @throws PerfError `bad-load` or `bad-request`, exit code 2.
 */
export function planSteps(written: unknown, profile: LoadProfile): PlannedSteps {
  if (!Array.isArray(written) || written.length === 0) {
    fail(
      'steps need a list of at least one request',
      "Write steps: [{ path: '/login' }, { path: '/orders' }].",
      'steps',
    );
  }
  if (written.length > mostSteps)
    fail(`${written.length} steps are more than ${mostSteps}`, 'Leave some out.', 'steps');
  const list = (written as readonly unknown[]).map(checkedStep);
  const endpoints = endpointsOf(
    list.map(({ name }) => name),
    profile,
  );
  return { steps: list.map((step, i) => planStep(step, i, endpoints)), endpoints };
}

function checkedStep(step: unknown, i: number): Step {
  if (typeof step !== 'object' || step === null) {
    fail(`step ${i + 1} is ${describeValue(step)}`, "Write a request: { name: 'login', path: '/login' }.", 'steps');
  }
  const { request, path, capture, weight } = step as Record<string, unknown>;
  if (request !== undefined && typeof request !== 'function') {
    fail(`${describeValue(request)} makes no request`, 'Write request: ({ captured }) => ({ path: … }).', 'request');
  }
  if (request !== undefined && path !== undefined) {
    fail(`step ${i + 1} has both a path and a request`, 'Let the function say the path.', 'path');
  }
  if (capture !== undefined && typeof capture !== 'function') {
    fail(
      `${describeValue(capture)} captures nothing`,
      'Write capture: ({ body }) => ({ id: JSON.parse(body).id }).',
      'capture',
    );
  }
  if (weight !== undefined) fail('steps follow each other and have no weight', 'Leave the weight out.', 'weight');
  return step as Step;
}

function planStep(step: Step, i: number, endpoints: readonly string[]): PlannedStep {
  const { name, capture, request } = step;
  const title = name === undefined ? `step ${i + 1}` : `step "${name}"`;
  const endpoint = endpoints.indexOf(name ?? '');
  if (request !== undefined) return { title, endpoint, capture, make: (call) => kept(prepareRequest(request(call))) };
  const prepared = kept(prepareRequest(step));
  return { title, endpoint, capture, make: () => prepared };
}

/** The head holds cookies, and both hold what is captured. */
const kept = (request: PreparedRequest): PreparedRequest => ({ ...request, keepAnswer: true });
