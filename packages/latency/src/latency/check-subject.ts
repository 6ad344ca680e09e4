import { X509Certificate } from 'node:crypto';
import { badOption, messageOf, msFromNanos, usageError, optionsObject } from '@perfkeel/core';
import { functionOption, positiveDuration, wholeNumber } from '../options.ts';
import { checkComponents } from './component-metrics.ts';
import type { TlsTrust } from './http-options.ts';
import { prepareRequest } from './http-request.ts';
import type { LatencySubject } from './latency-subject.ts';

/** What is known of a subject whose types nobody may have looked at. */
type Unchecked = LatencySubject<unknown, string, object>;

/**
 * @param parameters what a function that makes the request is asked with, where they are known
 * @throws PerfError with exit code 2 when an option is wrong.
 */
export function checkLatencySubject(subject: Unchecked, parameters?: object): void {
  optionsObject('latency', subject);
  if (subject.request === undefined) checkFunction(subject);
  else checkRequest(subject, parameters);
  functionOption('setup', subject.setup, false);
  functionOption('teardown', subject.teardown, false);
  wholeNumber('samples', subject.samples ?? 1, 1);
  wholeNumber('warmup', subject.warmup ?? 0, 0);
  wholeNumber('concurrency', subject.concurrency ?? 1, 1);
  refuseTooMuch(subject);
}

function checkFunction({ run, components, ...options }: Unchecked): void {
  functionOption('run', run, true);
  checkComponents(components);
  for (const option of ['connection', 'timeout', 'tls'] as const) {
    if (options[option] === undefined) continue;
    throw badOption(option, options[option], `nothing beside \`run\``, `${option} belongs to request: { path: '/' }.`);
  }
}

/** A timer of Node holds no more: above, it fires at once. */
const longestTimeout = 2 ** 31 - 1;

function checkRequest(
  { request, run, components, connection = 'keep-alive', timeout, tls }: Unchecked,
  parameters: object | undefined,
): void {
  if (run !== undefined) throw badOption('run', run, 'nothing beside `request`', 'Leave one of the two out.');
  if (components !== undefined) {
    throw badOption(
      'components',
      components,
      'nothing beside `request`',
      'A request has its own: dns, connect, tls, …',
    );
  }
  if (typeof request !== 'function') prepareRequest(request);
  else if (parameters !== undefined) prepareRequest(request(parameters));
  if (connection !== 'keep-alive' && connection !== 'new') {
    throw badOption('connection', connection, "'keep-alive' or 'new'", "Write connection: 'new'.");
  }
  if (timeout !== undefined && msFromNanos(positiveDuration('timeout', timeout)) > longestTimeout) {
    throw badOption('timeout', timeout, 'at most 24 days', "Write timeout: '30s'.");
  }
  if (tls !== undefined) checkTrust(tls);
}

function checkTrust(tls: TlsTrust): void {
  const example = "Write tls: { ca: readFileSync('ca.pem') }.";
  if (typeof tls !== 'object' || tls === null) throw badOption('tls', tls, 'an object', example);
  if (tls.ca === undefined) return;
  try {
    // The first of them; a secure context would take anything, and then trust nobody.
    new X509Certificate(tls.ca);
  } catch (error) {
    const options = { code: 'bad-option', hint: example, excerpt: 'ca' };
    throw usageError(`\`ca\` holds no certificate in PEM: ${messageOf(error)}`, options);
  }
}

/** 400 MB of doubles. */
const mostTimes = 5e7;

/** Times of components are kept call by call until the end. */
function refuseTooMuch({ samples = 1, components = [] }: Unchecked): void {
  if (components.length === 0 || samples * (components.length + 1) <= mostTimes) return;
  const most = Math.floor(mostTimes / (components.length + 1));
  throw badOption('samples', samples, `at most ${most} with so many components`, `Write samples: ${most}.`);
}
