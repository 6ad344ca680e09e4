import { badOption, parseDuration, isObject, type PerfError } from '@perfkeel/core';
import { answerLimit } from './client/answer-limit.ts';
import { serverOption } from './server.ts';
import type { McpSubject } from './subject.ts';

/** Shorter, and a server could not introduce itself. */
const leastAnswer = 1000;

const known: Readonly<Record<keyof McpSubject, true>> = {
  ...{ server: true, target: true, path: true, era: true, client: true, timeout: true, tools: true, resources: true },
  maxAnswer: true,
  ...{ prompts: true, samples: true, inFlight: true, requests: true, sessions: true, cacheCounters: true },
  ...{ beside: true, capacity: true, writeAndReadBack: true, cancel: true, updates: true, growth: true, churn: true },
};

/** The names of the options that say what is measured. */
export const subjectOptions: readonly string[] = Object.keys(known);

/** @throws PerfError `bad-option`, exit code 2. In plain JavaScript nothing else looks at what was written. */
export function verifySubject(subject: McpSubject): void {
  if (subject.target === undefined) serverOption(subject.server);
  else if (subject.server !== undefined) {
    throw badOption('server', subject.server, 'a server or a target, and not both', 'Leave one of them out.');
  }
  verifyCounts(subject);
  verifyLists(subject);
  verifyWords(subject);
  verifyProbes(subject);
}

function verifyCounts(subject: McpSubject): void {
  for (const [option, least] of [
    ['samples', 1],
    ['inFlight', 0],
    ['requests', 1],
    ['sessions', 1],
    ['growth', 100],
    ['churn', 1],
  ] as const) {
    const value = subject[option];
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) continue;
    throw badOption(option, value, `a whole number from ${least} upwards`, `Write ${option}: ${Math.max(20, least)}.`);
  }
}

function verifyLists({ tools, prompts, resources }: McpSubject): void {
  for (const [option, given] of Object.entries({ tools, prompts })) {
    if (given === undefined || (isObject(given) && Object.values(given).every(isObject))) continue;
    const example = `Write ${option}: { search: { query: 'a' } }.`;
    throw badOption(option, given, 'an object with the arguments of each', example);
  }
  if (resources !== undefined && !(Array.isArray(resources) && resources.every((uri) => typeof uri === 'string'))) {
    throw badOption('resources', resources, 'a list of uris', "Write resources: ['file:///a.md'].");
  }
}

function verifyWords({ era, client, maxAnswer }: McpSubject): void {
  if (maxAnswer !== undefined && answerLimit(maxAnswer).bytes < leastAnswer) {
    throw badOption('maxAnswer', maxAnswer, 'a size from 1KB upwards', "Write maxAnswer: '64MiB'.");
  }
  if (era !== undefined && !['auto', '2025-11-25', '2026-07-28'].includes(era)) {
    throw badOption('era', era, "'auto', '2025-11-25' or '2026-07-28'", "Leave it out, or write era: '2026-07-28'.");
  }
  if (client !== undefined && client !== 'own' && client !== 'sdk') {
    throw badOption('client', client, "'own' or 'sdk'", "Leave it out, or write client: 'sdk'.");
  }
}

const isCall = (value: unknown): boolean =>
  isObject(value) && typeof value['tool'] === 'string' && (value['args'] === undefined || isObject(value['args']));
const callExample = "{ tool: 'search', args: { query: 'a' } }";

function verifyProbes({ client, beside, cancel, updates, writeAndReadBack, capacity }: McpSubject): void {
  const bad = (option: string, got: unknown, example: string): PerfError =>
    badOption(option, got, 'what its type says', `Write ${option}: ${example}.`);
  if (beside !== undefined && !(isCall(beside.slow) && isCall(beside.fast))) {
    throw bad('beside', beside, `{ slow: ${callExample}, fast: ${callExample} }`);
  }
  if (cancel !== undefined && !isCall(cancel)) throw bad('cancel', cancel, callExample);
  if (updates !== undefined && !(typeof updates.resource === 'string' && isCall(updates.change))) {
    throw bad('updates', updates, `{ resource: 'file:///a.md', change: ${callExample} }`);
  }
  const pair = writeAndReadBack;
  if (pair !== undefined && !(typeof pair.write === 'function' && isCall(pair.write('mark')) && isCall(pair.read))) {
    const example = "{ write: (mark) => ({ tool: 'add', args: { name: mark } }), read: { tool: 'list' } }";
    throw bad('writeAndReadBack', pair, example);
  }
  for (const time of [capacity?.p95, cancel?.after, cancel?.watch, updates?.within]) {
    if (time !== undefined) parseDuration(time);
  }
  const counts = { upTo: capacity?.upTo, times: cancel?.times ?? updates?.times, writes: pair?.writes };
  for (const [option, count] of Object.entries(counts)) {
    if (count === undefined || (Number.isSafeInteger(count) && count >= 1)) continue;
    throw badOption(option, count, 'a whole number from 1', `Write ${option}: 8.`);
  }
  if (capacity !== undefined && typeof capacity.p95 !== 'string') throw bad('capacity', capacity, "{ p95: '50ms' }");
  if (client === 'sdk' && (cancel ?? updates) !== undefined) {
    const option = cancel === undefined ? 'updates' : 'cancel';
    throw badOption(option, client, "nothing of the kind with client: 'sdk'", "Leave client: 'sdk' out.");
  }
}
