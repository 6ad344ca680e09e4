import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { nanosFromMs, type Clock, type RunningTarget } from '@perfkeel/core';
import { connectMcp } from '../client/connect.ts';
import type { McpClient, McpGreeting } from '../client/mcp-client.ts';
import { serverOf, verifySubject, type McpSubject } from '../subject.ts';
import { contextCost, resultText, type ContextCost } from '../tokens/context-cost.ts';
import { o200k } from '../tokens/tokenizer.ts';
import { ask, askAtOnce, askInTurns, emptyAsked, tookTooLong, type Asked } from './ask-items.ts';
import { chooseItems, takeInventory, type Inventory, type Item, type LeftOut } from './inventory.ts';

/** Where a direct call measures. Everything has a default. */
export interface McpContext {
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** As little work as possible over the same code path. @default false */
  readonly short?: boolean;
  readonly target?: RunningTarget | undefined;
  readonly progress?: (text: string) => void;
}

/** Tokens of one result, as it enters the context of a model. */
export interface ResultCost {
  readonly item: Item;
  readonly tokens: number;
}

/** What one round found. Times are nanoseconds. */
export interface McpResult {
  readonly greeting: McpGreeting;
  readonly inventory: Inventory;
  /** From the start of the process, or of the connection, until the server has introduced itself. */
  readonly connect: readonly number[];
  /** The first request for each resource in a session of its own. */
  readonly cold: readonly Asked[];
  /** Everything after, one request at a time. */
  readonly warm: readonly Asked[];
  readonly leftOut: readonly LeftOut[];
  /** Successful answers per second, with so many requests under way. */
  readonly throughput?: { readonly perSecond: number; readonly inFlight: number; readonly asked: readonly Asked[] };
  readonly besideSlow?: Asked;
  readonly cache?: { readonly hits: number; readonly misses: number };
  readonly context: ContextCost;
  readonly results: readonly ResultCost[];
  /** Resident bytes of the process that serves, at the end; Linux, and only when it was started here. */
  readonly rss?: number;
  /** Requests that were measured, and requests that left this process meanwhile: equal, or nothing follows. */
  readonly measured: number;
  readonly sent: number;
  /** Lines of the server that were no message. */
  readonly strange: number;
}

interface Full {
  readonly subject: McpSubject;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly short: boolean;
  readonly target: RunningTarget | undefined;
  readonly progress: (text: string) => void;
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
  const full: Full = {
    subject,
    clock: context.clock ?? processClock,
    signal: context.signal ?? new AbortController().signal,
    short: context.short ?? false,
    target: context.target,
    progress: context.progress ?? (() => undefined),
  };
  const connect: number[] = [];
  const sessions = full.short ? 1 : (subject.sessions ?? 3);
  for (let n = 1; n < sessions; n++) await (await open(full, connect)).close();
  const client = await open(full, connect);
  try {
    return { connect, ...(await measureSession(client, full)) };
  } finally {
    await client.close();
  }
}

async function open({ subject, target, clock, signal, progress }: Full, connect: number[]): Promise<McpClient> {
  signal.throwIfAborted();
  progress('connecting');
  const { era, timeout } = subject;
  const start = clock.now();
  const client = await connectMcp(serverOf(subject, target), { era, timeout });
  connect.push(clock.now() - start);
  return client;
}

async function measureSession(client: McpClient, full: Full): Promise<Omit<McpResult, 'connect'>> {
  const { subject, short, progress } = full;
  const inventory = await takeInventory(client);
  const { items, leftOut } = chooseItems(inventory, subject);
  const ledger = createLedger(client);
  const samples = short ? 2 : (subject.samples ?? 60);
  const of = (kind: Item['kind']): readonly Item[] => items.filter((item) => item.kind === kind);
  const turns = (some: readonly Item[], times: number) => ledger.keep(() => askInTurns(client, some, times, full));

  progress('cold reads');
  const cold = await turns(of('resource'), 1);
  progress('one request at a time');
  const before = await subject.cacheCounters?.(client);
  const resources = await turns(of('resource'), samples);
  const after = await subject.cacheCounters?.(client);
  const others = await turns([...of('tool'), ...of('prompt')], samples);
  const warm = [...resources, ...others];
  progress('many requests at once');
  const throughput = await measureThroughput(
    client,
    warm.filter((one) => !tookTooLong(one)).map(({ item }) => item),
    full,
    ledger,
  );
  const besideSlow = await measureBeside(client, full, ledger);
  const tokenizer = await o200k();
  return {
    ...{ greeting: client.greeting, inventory, cold, warm, leftOut },
    ...(throughput && { throughput }),
    ...(besideSlow && { besideSlow }),
    ...(before && after && { cache: { hits: after.hits - before.hits, misses: after.misses - before.misses } }),
    context: contextCost(inventory.tools, client.greeting.instructions, tokenizer),
    results: warm.flatMap(({ item, last }) =>
      last?.result === undefined ? [] : [{ item, tokens: tokenizer.count(resultText(last.result)) }],
    ),
    ...rssOf(client.pid),
    ...ledger.sum(),
    strange: client.wire.strange,
  };
}

interface Ledger {
  keep<T extends readonly Asked[]>(work: () => Promise<T>): Promise<T>;
  sum(): { readonly measured: number; readonly sent: number };
}

/** Holds what was measured against what was sent: a client that answers from a cache would measure itself. */
function createLedger(client: McpClient): Ledger {
  let [measured, sent] = [0, 0];
  const onWire = (): number => client.wire.requests - client.wire.handshakes - client.wire.resent;
  return {
    keep: async (work) => {
      const before = onWire();
      const asked = await work();
      sent += onWire() - before;
      measured += asked.reduce((sum, { outcomes }) => sum + Object.values(outcomes).reduce((a, b) => a + b, 0), 0);
      return asked;
    },
    sum: () => ({ measured, sent }),
  };
}

async function measureThroughput(
  client: McpClient,
  items: readonly Item[],
  { subject, short, clock, signal }: Full,
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

/** Calls that one slow call may have beside it. */
const mostBeside = 1000;

async function measureBeside(client: McpClient, full: Full, ledger: Ledger): Promise<Asked | undefined> {
  const { beside } = full.subject;
  if (beside === undefined) return undefined;
  const [slow, fast] = [beside.slow, beside.fast].map(({ tool, args = {} }) =>
    emptyAsked({ kind: 'tool', name: tool, method: 'tools/call', params: { name: tool, arguments: args } }),
  );
  let under = true;
  await ledger.keep(async () => {
    const ended = ask(client, slow!, full.clock).then(() => (under = false));
    for (let n = 0; under && n < mostBeside; n++) await ask(client, fast!, full.clock);
    await ended;
    return [slow!, fast!];
  });
  return fast;
}

function rssOf(pid: number | undefined): { readonly rss?: number } {
  if (pid === undefined || process.platform !== 'linux') return {};
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? {} : { rss: Number(kilobytes) * 1024 };
  } catch {
    return {};
  }
}
