import { messageOf } from '@perfkeel/core';
import type { McpClient } from '../client/mcp-client.ts';
import { failureWords } from '../measure/ask-items.ts';
import type { Item } from '../measure/inventory.ts';
import { residentBytes } from '../measure/resident.ts';
import type { McpRound } from '../measure/round.ts';
import { growthOf, type MemoryGrowth } from './memory-growth.ts';

/** Sessions one after the other: opened, asked once, closed. */
export interface Churn {
  readonly sessions: number;
  /** Sessions in which the one request succeeded, per second. */
  readonly perSecond: number;
  readonly failed: number;
  readonly failure?: string;
  /** Of a server that outlives its sessions, and whose process is known. */
  readonly memory?: MemoryGrowth;
}

const readings = 20;

/** @param item the one request of each session; without one, a session is opened and closed */
export async function measureChurn(
  open: () => Promise<McpClient>,
  item: Item | undefined,
  { subject: { churn, server }, short, target, clock, signal, progress }: McpRound,
): Promise<Churn | undefined> {
  if (churn === undefined) return undefined;
  progress('sessions');
  const sessions = short ? 1 : churn;
  const every = Math.max(1, Math.floor(sessions / readings));
  const points: (readonly [number, number])[] = [];
  let [failed, failure]: [number, string | undefined] = [0, undefined];
  const start = clock.now();
  for (let n = 1; n <= sessions; n++) {
    signal.throwIfAborted();
    const error = await oneSession(open, item);
    if (error !== undefined) failed += 1;
    failure ??= error;
    const bytes = n % every === 0 ? residentBytes(target?.pid) : undefined;
    if (bytes !== undefined) points.push([n, bytes]);
  }
  const perSecond = (sessions - failed) / ((clock.now() - start) / 1e9);
  // A server over pipes ends with its session: there is nothing that could grow.
  const memory = server !== undefined && 'command' in server ? undefined : growthOf(points, []);
  return { sessions, perSecond, failed, ...(failure !== undefined && { failure }), ...(memory && { memory }) };
}

/** What went wrong, in words. A session that fails is data. */
async function oneSession(open: () => Promise<McpClient>, item: Item | undefined): Promise<string | undefined> {
  try {
    const client = await open();
    try {
      const answer = item && (await client.request(item.method, item.params));
      return answer?.error && failureWords(answer);
    } finally {
      await client.close();
    }
  } catch (error) {
    return messageOf(error);
  }
}
