import { describeValue, usageError, type Nanos } from '@perfkeel/core';
import { planDriver, type PlannedDriver } from '../drivers/driver-choice.ts';
import type { LoadRequest, LoadWork } from '../load-options.ts';
import { prepareRequest, type PreparedRequest } from '../prepared-request.ts';
import type { LoadProfile } from '../profile/load-profile.ts';
import { mixRequests } from '../request-mix.ts';
import { checkAutocannon } from './check-autocannon.ts';
import { endpointsOf } from './check-name.ts';
import type { LoadFunction } from './function-sender.ts';
import type { Surroundings } from './with-setup.ts';
import type { RequestTemplate } from './request-template.ts';
import { planSteps, type PlannedStep } from './step.ts';

/** Requests that are known: the order in which they are sent, as a cycle, and the endpoint of each; -1 without a name. */
export interface PlannedRequests {
  readonly kind: 'requests';
  readonly driver: PlannedDriver;
  readonly requests: readonly PreparedRequest[];
  readonly endpointOf: readonly number[];
}

/** Work that has been understood. */
export type PlannedWork =
  | PlannedRequests
  | { readonly kind: 'template'; readonly driver: PlannedDriver; readonly template: RequestTemplate<never, never> }
  | { readonly kind: 'steps'; readonly driver: PlannedDriver; readonly steps: readonly PlannedStep[] }
  | PlannedFunction;

/** A function, and what surrounds its calls. */
export interface PlannedFunction extends Surroundings<never, never> {
  readonly kind: 'function';
  readonly run: LoadFunction<never, never, never>;
}

export interface WorkPlan {
  readonly work: PlannedWork;
  /** The names of requests and steps that have one. */
  readonly endpoints: readonly string[];
}

function fail(message: string, hint: string, excerpt?: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

/** What was written, before anything is known to be there: in plain JavaScript nothing else looks at it. */
interface Written {
  readonly requests?: unknown;
  readonly request?: unknown;
  readonly steps?: unknown;
  readonly run?: unknown;
  readonly driver?: unknown;
  readonly data?: unknown;
  readonly setup?: unknown;
  readonly teardown?: unknown;
}

const ways = ['requests', 'request', 'steps', 'run'] as const;

/**
 * Understands what is sent.
 *
 * @throws PerfError `bad-load` or `bad-request`, exit code 2.
 */
export function planWork<Row, State>(options: LoadWork<Row, State>, profile: LoadProfile, timeout: Nanos): WorkPlan {
  const written: Written = options;
  const [way, another] = ways.filter((name) => written[name] !== undefined);
  if (another !== undefined) fail(`load has both ${way} and ${another}`, 'Keep one.', another);
  if (written.data !== undefined && (way === 'requests' || way === undefined)) {
    fail(
      'the data is used by nobody',
      'Make requests of it: request: ({ row }) => ({ path: `/users/${row.id}` }).',
      'data',
    );
  }
  checkSurroundings(written);
  if (way === 'run') return { work: planFunction(written), endpoints: [] };
  const driver = planDriver(written.driver, timeout);
  if (way === 'request') return { work: planTemplate(written.request, driver), endpoints: [] };
  if (way === 'steps') {
    if (driver.use === 'autocannon') fail('autocannon has no steps', 'Leave the driver out.', 'autocannon');
    const { steps, endpoints } = planSteps(written.steps, profile);
    return { work: { kind: 'steps', driver, steps }, endpoints };
  }
  const list = planRequests(written.requests);
  const planned = mixNamed(
    list,
    list.map((request) => prepareRequest(request)),
    profile,
  );
  const work: PlannedRequests = {
    kind: 'requests',
    driver,
    requests: planned.requests,
    endpointOf: planned.endpointOf,
  };
  if (driver.use === 'autocannon') checkAutocannon(profile, work.requests, timeout);
  return { work, endpoints: planned.endpoints };
}

function planFunction({ run, driver, setup, teardown }: Written): PlannedFunction {
  if (typeof run !== 'function') {
    fail(`${describeValue(run)} cannot be run`, 'Write a function: run: async ({ client, signal }) => { … }.', 'run');
  }
  if (driver !== undefined) fail('a function sends by itself', 'Leave the driver out.', 'driver');
  return { kind: 'function', run, setup, teardown } as PlannedFunction;
}

function checkSurroundings(written: Written): void {
  for (const name of ['setup', 'teardown'] as const) {
    if (written[name] === undefined) continue;
    if (typeof written[name] !== 'function') {
      fail(`${describeValue(written[name])} is no ${name}`, `Write a function: ${name}: async (…) => { … }.`, name);
    }
    if (written.run === undefined) {
      fail(
        `requests share nothing that ${name} could ${name === 'setup' ? 'make' : 'take down'}`,
        `Leave ${name} out, or send with run.`,
        name,
      );
    }
  }
}

function planTemplate(template: unknown, driver: PlannedDriver): PlannedWork {
  if (typeof template !== 'function') {
    fail(
      `${describeValue(template)} makes no requests`,
      typeof template === 'object'
        ? 'Write requests: { … } for what is known in advance.'
        : "Write request: ({ row }) => ({ path: '/' }), or requests: { path: '/' }.",
      'request',
    );
  }
  if (driver.use === 'autocannon')
    fail('autocannon knows its requests in advance', 'Leave the driver out.', 'autocannon');
  return { kind: 'template', driver, template: template as RequestTemplate<never, never> };
}

function planRequests(requests: unknown): readonly LoadRequest[] {
  const list = Array.isArray(requests) ? (requests as readonly unknown[]) : [requests];
  if (list.length === 0 || list[0] === undefined) fail('load has no requests', "Write requests: { path: '/' }.");
  return list as readonly LoadRequest[];
}

interface Mixed extends Pick<PlannedRequests, 'requests' | 'endpointOf'>, Pick<WorkPlan, 'endpoints'> {}

/** Several requests with the same name are one endpoint. */
function mixNamed(list: readonly LoadRequest[], prepared: readonly PreparedRequest[], profile: LoadProfile): Mixed {
  const names = list.map(({ name }) => name);
  const endpoints = endpointsOf(names, profile);
  const places = new Map(prepared.map((request, i) => [request, endpoints.indexOf(names[i] ?? '')]));
  const requests = mixRequests(prepared);
  return { requests, endpoints, endpointOf: requests.map((request) => places.get(request)!) };
}
