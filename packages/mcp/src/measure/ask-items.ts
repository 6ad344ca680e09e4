import type { Clock } from '@perfkeel/core';
import type { McpAnswer, McpOutcome } from '../client/answer.ts';
import type { McpClient } from '../client/mcp-client.ts';
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
  /** The answer that came last. */
  last?: McpAnswer;
}

export const emptyAsked = (item: Item): Asked => ({
  item,
  times: [],
  spent: 0,
  outcomes: { ok: 0, 'tool-error': 0, 'rpc-error': 0, 'transport-error': 0 },
});

/** How many requests there were, however they ended. */
export const requestsOf = ({ outcomes }: Asked): number => Object.values(outcomes).reduce((a, b) => a + b, 0);

/** One request, timed. */
export async function ask(client: McpClient, asked: Asked, clock: Clock): Promise<void> {
  const { method, params } = asked.item;
  const start = clock.now();
  const answer = await client.request(method, params);
  const end = clock.now();
  asked.outcomes[answer.outcome] += 1;
  asked.spent += end - start;
  asked.last = answer;
  if (answer.error?.code === 'closed') asked.gone = true;
  if (answer.outcome === 'ok') asked.times.push(end - start);
  else asked.failure ??= `${answer.outcome} ${answer.error?.code}: ${answer.error?.message}`;
}

/** A thing that takes longer than this in one pass is asked no more: others wait behind it. */
const patience = 5e9;

export const tookTooLong = ({ spent }: Asked): boolean => spent > patience;

/** Takes turns: each once, then each again, so that a disturbance meets all of them. */
export async function askInTurns(
  client: McpClient,
  items: readonly Item[],
  times: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly Asked[]> {
  const all = items.map(emptyAsked);
  for (let turn = 0; turn < times; turn++) {
    for (const asked of all) {
      signal.throwIfAborted();
      if (asked.gone !== true && !tookTooLong(asked)) await ask(client, asked, clock);
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
  await runLanes(Math.min(width, requests), turns, signal, (asked) => ask(client, asked, clock));
  const ok = all.reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
  return { perSecond: ok / ((clock.now() - start) / 1e9), asked: all };
}
