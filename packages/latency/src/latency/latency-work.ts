import { badOption, type RunningTarget } from '@perfkeel/core';
import { positiveDuration } from '../options.ts';
import { restComponent } from './component-marks.ts';
import { openHttpClient } from './http-exchange.ts';
import { httpComponents, type HttpComponent } from './http-options.ts';
import { prepareRequest } from './http-request.ts';
import type { LatencyCall } from './latency-call.ts';
import type { FunctionWork, LatencySubject, RequestWork } from './latency-subject.ts';

/** What is done in each call, and which components it marks. */
export interface LatencyWork<State> {
  readonly run: (call: LatencyCall<State, string, object>) => unknown;
  readonly components: readonly string[];
  /** The component of the time after the last mark. */
  readonly last: string;
  /** Those that are missed when no call marks them. A lookup of an address that is already one is not. */
  readonly awaited: readonly string[];
  readonly close: () => void;
}

/** The components whose times a subject's calls are made of. */
export function componentsOf({
  request,
  components,
}: Pick<LatencySubject<unknown, string>, 'request' | 'components'>): readonly string[] {
  if (request !== undefined) return httpComponents;
  return components === undefined ? [] : [...components, restComponent];
}

/** @throws PerfError with exit code 2 when a request has nowhere to go, or its function makes a wrong one. */
export function beginWork<State>(
  subject: LatencySubject<State, string, object>,
  parameters: object,
  target: RunningTarget | undefined,
): LatencyWork<State> {
  if (subject.request !== undefined) return requestWork(subject, parameters, target);
  const { run, components = [] } = subject as FunctionWork<State, string, object>;
  return { run, components, last: restComponent, awaited: components, close: () => undefined };
}

function requestWork<State>(
  { request, connection = 'keep-alive', timeout = '30s', tls }: RequestWork<object>,
  parameters: object,
  target: RunningTarget | undefined,
): LatencyWork<State> {
  if (target === undefined) throw noTarget();
  const prepared = prepareRequest(typeof request === 'function' ? request(parameters) : request);
  const client = openHttpClient({ url: target.url, connection, timeout: positiveDuration('timeout', timeout), tls });
  const [body] = httpComponents.slice(-1) as [HttpComponent];
  return {
    run: ({ mark }) => client.exchange(prepared, mark),
    components: httpComponents,
    last: body,
    awaited: [],
    close: () => client.close(),
  };
}

export const noTarget = (): Error =>
  badOption(
    'target',
    undefined,
    'where to send the request',
    "Write target: target({ url: 'http://127.0.0.1:3000' }).",
  );
