import type { Clock } from '@perfkeel/core';
import type { McpAnswer, McpOutcome } from '../client/answer.ts';
import type { McpClient } from '../client/mcp-client.ts';
import type { TextCost } from '../tokens/context-cost.ts';
import type { Item } from './inventory.ts';

/** What became of the requests for one thing. Times are nanoseconds, and only those of requests that succeeded. */
export interface Asked {
  readonly item: Item;
  readonly times: number[];
  /** Nanoseconds of all requests together, failed ones too. */
  spent: number;
  readonly outcomes: Record<McpOutcome, number>;
  /** The first failure, in words. */
  failure?: string;
  /** The server ended while it was asked, or before. */
  gone?: boolean;
  /** What the first answer costs in tokens, where that was asked for. */
  cost?: TextCost;
}

export const emptyAsked = (item: Item): Asked => ({
  item,
  times: [],
  spent: 0,
  outcomes: { ok: 0, 'tool-error': 0, 'rpc-error': 0, 'transport-error': 0 },
});

/** How many requests there were, however they ended. */
export const requestsOf = ({ outcomes }: Asked): number => Object.values(outcomes).reduce((a, b) => a + b, 0);

/** One request, timed. Its answer is not kept: a server may answer with more than fits into memory many times. */
export async function ask(client: McpClient, asked: Asked, clock: Clock): Promise<McpAnswer> {
  const { method, params } = asked.item;
  const start = clock.now();
  const answer = await client.request(method, params);
  const end = clock.now();
  asked.outcomes[answer.outcome] += 1;
  asked.spent += end - start;
  if (answer.error?.code === 'closed') asked.gone = true;
  if (answer.outcome === 'ok') asked.times.push(end - start);
  else asked.failure ??= failureWords(answer);
  return answer;
}

/** `isError` and the number of JSON-RPC stand for themselves; words for the rest. */
export const failureWords = ({ outcome, error }: McpAnswer): string => `${outcome} ${error?.code}: ${error?.message}`;

/** A thing that takes longer than this in one pass is asked no more: others wait behind it. */
const patience = 5e9;

export const tookTooLong = ({ spent }: Asked): boolean => spent > patience;

export interface Turns {
  readonly times: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What one answer costs; asked once for each thing. */
  readonly costOf?: (answer: McpAnswer) => TextCost | undefined;
}

/** Things of which each takes its patience, together; a server may list any number of them. */
const mostPatience = 6;

/**
 * Takes turns: each once, then each again, so that a disturbance meets all of them. All together may take half a minute,
 * and those that the user has named five seconds each, whatever their number.
 */
export async function askInTurns(
  client: McpClient,
  items: readonly Item[],
  { times, clock, signal, costOf }: Turns,
): Promise<readonly Asked[]> {
  const all = items.map(emptyAsked);
  const named = items.filter((item) => item.named === true).length;
  const until = clock.now() + patience * Math.max(mostPatience, named);
  for (let turn = 0; turn < times && clock.now() < until; turn++) {
    for (const asked of all) {
      signal.throwIfAborted();
      if (clock.now() >= until) break;
      if (asked.gone === true || tookTooLong(asked)) continue;
      const answer = await ask(client, asked, clock);
      const cost = asked.cost === undefined ? costOf?.(answer) : undefined;
      if (cost !== undefined) asked.cost = cost;
    }
  }
  return all;
}

/** Works through `items` with at most `width` under way together. */
export async function runLanes<T>(
  width: number,
  items: Iterable<T>,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // One iterator for all lanes: whoever is free takes the next.
  const rest = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) {
      signal.throwIfAborted();
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Successful answers per second with `width` requests under way all the time. */
export async function askAtOnce(
  client: McpClient,
  items: readonly Item[],
  { width, requests, clock, signal }: { width: number; requests: number; clock: Clock; signal: AbortSignal },
): Promise<{ readonly perSecond: number; readonly asked: readonly Asked[] }> {
  const all = items.map(emptyAsked);
  const turns = Array.from({ length: requests }, (_, n) => all[n % all.length]!);
  const start = clock.now();
  // Waiting for what never answers takes its timeout each time.
  const isMute = ({ outcomes }: Asked): boolean => outcomes.ok === 0 && outcomes['transport-error'] >= width;
  await runLanes(Math.min(width, requests), turns, signal, async (asked) => {
    if (!isMute(asked)) await ask(client, asked, clock);
  });
  const ok = all.reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
  return { perSecond: ok / ((clock.now() - start) / 1e9), asked: all };
}
