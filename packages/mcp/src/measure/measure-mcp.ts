import { performance } from 'node:perf_hooks';
import { nanosFromMs, type Clock } from '@perfkeel/core';
import type { McpAnswer } from '../client/answer.ts';
import { connectMcp } from '../client/connect.ts';
import type { McpClient, McpGreeting } from '../client/mcp-client.ts';
import type { Oddities } from '../client/oddities.ts';
import { presentable } from '../present.ts';
import { measureBeside } from '../probes/beside-slow.ts';
import { measureCancellation, type Cancellation } from '../probes/cancellation.ts';
import { measureCapacity, type McpCapacity } from '../probes/capacity.ts';
import { measureChurn, type Churn } from '../probes/churn.ts';
import { measureLostUpdates, type LostUpdates } from '../probes/lost-updates.ts';
import { measureGrowth, type MemoryGrowth } from '../probes/memory-growth.ts';
import { measureUpdates, type Updates } from '../probes/updates.ts';
import { serverOf, type McpSubject } from '../subject.ts';
import { verifySubject } from '../verify-subject.ts';
import { contextCost, costOfText, resultText, type ContextCost, type TextCost } from '../tokens/context-cost.ts';
import { o200k } from '../tokens/tokenizer.ts';
import { askAtOnce, askInTurns, requestsOf, tookTooLong, type Asked, type Turns } from './ask-items.ts';
import {
  chooseItems,
  takeInventory,
  type IncompleteList,
  type Inventory,
  type Item,
  type LeftOut,
} from './inventory.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { refuseUnlisted } from './refuse-unlisted.ts';
import { residentBytes } from './resident.ts';
import type { McpContext, McpRound } from './round.ts';

/** Tokens of one result, as it enters the context of a model. */
export interface ResultCost extends TextCost {
  readonly item: Item;
}

/** What one round found. Times are nanoseconds. */
export interface McpResult {
  readonly greeting: McpGreeting;
  readonly inventory: Inventory;
  /** Lists that may hold more than was seen. */
  readonly incomplete: readonly IncompleteList[];
  /** From the start of the process, or of the connection, until the server has introduced itself. */
  readonly connect: readonly number[];
  /** The first request for each resource in a session of its own. */
  readonly cold: readonly Asked[];
  /** Everything after, one request at a time. */
  readonly warm: readonly Asked[];
  readonly leftOut: readonly LeftOut[];
  /** Requests that each thing should have had, one at a time. */
  readonly samples: number;
  /** Successful answers per second, with so many requests under way. */
  readonly throughput?: { readonly perSecond: number; readonly inFlight: number; readonly asked: readonly Asked[] };
  readonly besideSlow?: Asked;
  readonly capacity?: McpCapacity;
  readonly lostUpdates?: LostUpdates;
  readonly cancellation?: Cancellation;
  readonly updates?: Updates;
  readonly growth?: MemoryGrowth;
  readonly churn?: Churn;
  readonly cache?: { readonly hits: number; readonly misses: number };
  readonly context: ContextCost;
  readonly results: readonly ResultCost[];
  /** Resident bytes of the processes that serve, at the end; Linux, and only when they were started here. */
  readonly rss?: number;
  /** Requests that were measured, and requests that left this process meanwhile: equal, or nothing follows. */
  readonly measured: number;
  readonly sent: number;
  /** Texts of the server that were no message. */
  readonly strange: number;
  /** The first of these, and of ids that were answered and never sent. */
  readonly odd: Oddities;
}

const processClock: Clock = { now: () => nanosFromMs(performance.now()) };

/**
 * Measures a server of the Model Context Protocol, with no runner around: what it lists, how long each thing takes cold
 * and warm, how much it answers at once, and what it costs in tokens.
 *
 * @throws PerfError `bad-option`, `mcp-unreachable`, `mcp-refused`
 * @example
 * const result = await measureMcp({ server: { command: ['node', 'server.js'] } });
 * console.log(result.context.total);
 */
export async function measureMcp(subject: McpSubject, context: McpContext = {}): Promise<McpResult> {
  verifySubject(subject);
  const round: McpRound = {
    subject,
    clock: context.clock ?? processClock,
    signal: context.signal ?? new AbortController().signal,
    short: context.short ?? false,
    target: context.target,
    progress: context.progress ?? (() => undefined),
  };
  const connect: number[] = [];
  const sessions = round.short ? 1 : (subject.sessions ?? 3);
  for (let n = 1; n < sessions; n++) await (await openTimed(round, connect)).close();
  const client = await openTimed(round, connect);
  let session: Session;
  try {
    session = await measureSession(client, round);
  } finally {
    await client.close();
  }
  // Behind the session: a server over pipes is started anew for each of these.
  const item = session.warm.find((one) => requestsOf(one) > 0 && one.failure === undefined)?.item;
  const churn = await measureChurn(() => open(round), item, round);
  return presentable({ connect, ...session, ...(churn && { churn }) }, (text) => client.present(text));
}

type Session = Omit<McpResult, 'connect' | 'churn'>;

const open = ({ subject, target }: McpRound): Promise<McpClient> => {
  const { era, timeout, client, maxAnswer } = subject;
  return connectMcp(serverOf(subject, target), { era, timeout, client, maxAnswer });
};

async function openTimed(round: McpRound, connect: number[]): Promise<McpClient> {
  round.signal.throwIfAborted();
  round.progress('connecting');
  const start = round.clock.now();
  const client = await open(round);
  connect.push(round.clock.now() - start);
  return client;
}

async function measureSession(client: McpClient, round: McpRound): Promise<Session> {
  const { subject, short, progress, target } = round;
  const { inventory, incomplete } = await takeInventory(client);
  refuseUnlisted(subject, inventory, incomplete, (text) => client.present(text));
  const { items, leftOut } = chooseItems(inventory, subject);
  const ledger = createLedger(client);
  const samples = short ? 2 : (subject.samples ?? 60);
  const of = (kind: Item['kind']): readonly Item[] => items.filter((item) => item.kind === kind);
  const tokenizer = await o200k();
  const costOf = ({ result }: McpAnswer): TextCost | undefined =>
    result === undefined ? undefined : costOfText(resultText(result), tokenizer);
  const { clock, signal } = round;
  const turns = (some: readonly Item[], times: number, more: Partial<Turns> = {}) =>
    ledger.keep(() => askInTurns(client, some, { times, clock, signal, ...more }));

  progress('cold reads');
  const cold = await turns(of('resource'), 1);
  progress('one request at a time');
  const before = await subject.cacheCounters?.(client);
  const resources = await turns(of('resource'), samples, { costOf });
  const after = await subject.cacheCounters?.(client);
  const others = await turns([...of('tool'), ...of('prompt')], samples, { costOf });
  const warm = [...resources, ...others];
  const quick = warm.filter((one) => requestsOf(one) > 0 && one.gone !== true && !tookTooLong(one));
  const probes = await probeSession(client, quick, round, ledger);
  const rss = residentBytes(client.pid ?? target?.pid);
  return {
    ...{ greeting: client.greeting, inventory, incomplete, samples, cold, warm, leftOut, ...probes },
    ...(before && after && { cache: { hits: after.hits - before.hits, misses: after.misses - before.misses } }),
    context: contextCost(inventory.tools, client.greeting.instructions, tokenizer),
    results: warm.flatMap(({ item, cost }) => (cost === undefined ? [] : [{ item, ...cost }])),
    ...(rss !== undefined && { rss }),
    ...ledger.sum(),
    strange: client.wire.strange,
    odd: client.odd,
  };
}

/** Everything that was asked for beside times: what disturbs the server most comes last. */
async function probeSession(client: McpClient, warm: readonly Asked[], round: McpRound, ledger: Ledger) {
  const items = warm.map(({ item }) => item);
  // What fails one at a time says nothing of how many at a time are too many.
  const sound = warm.filter(({ failure }) => failure === undefined).map(({ item }) => item);
  round.progress('many requests at once');
  const throughput = await measureThroughput(client, items, round, ledger);
  const beside = await measureBeside(client, round, ledger);
  const capacity = await measureCapacity(client, sound, round, ledger);
  const lostUpdates = await measureLostUpdates(client, round, ledger);
  const growth = await measureGrowth(client, items, round, ledger);
  const updates = await measureUpdates(client, round);
  const cancellation = await measureCancellation(client, round);
  return {
    ...(throughput && { throughput }),
    ...(beside && { besideSlow: beside.fast }),
    ...(capacity && { capacity }),
    ...(lostUpdates && { lostUpdates }),
    ...(growth && { growth }),
    ...(updates && { updates }),
    ...(cancellation && { cancellation }),
  };
}

async function measureThroughput(
  client: McpClient,
  items: readonly Item[],
  { subject, short, clock, signal }: McpRound,
  ledger: Ledger,
): Promise<McpResult['throughput']> {
  const inFlight = subject.inFlight ?? 16;
  if (inFlight === 0 || items.length === 0) return undefined;
  const requests = short ? inFlight : (subject.requests ?? 20 * inFlight);
  let perSecond = 0;
  const asked = await ledger.keep(async () => {
    const done = await askAtOnce(client, items, { width: inFlight, requests, clock, signal });
    perSecond = done.perSecond;
    return done.asked;
  });
  return { perSecond, inFlight, asked };
}
