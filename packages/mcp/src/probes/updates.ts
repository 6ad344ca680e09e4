import { msFromNanos, parseDuration, type DurationText } from '@perfkeel/core';
import type { McpClient } from '../client/mcp-client.ts';
import type { McpRound } from '../measure/round.ts';
import type { ToolCall } from '../subject.ts';

/** A resource that is subscribed to, and what changes it. */
export interface UpdateOptions {
  readonly resource: string;
  /** A tool after which the server has to send `notifications/resources/updated`. */
  readonly change: ToolCall;
  /** How often it is changed. @default 20 */
  readonly times?: number | undefined;
  /** A notification that takes longer is lost. @default '2s' */
  readonly within?: DurationText | undefined;
}

export interface Updates {
  readonly resource: string;
  /** Nanoseconds from sending the change to the notification of it. */
  readonly times: readonly number[];
  /** Changes that succeeded, and of which no word came. */
  readonly lost: number;
  /** Why there were none at all: the subscription or a change failed. */
  readonly failure?: string;
}

export async function measureUpdates(client: McpClient, round: McpRound): Promise<Updates | undefined> {
  const { updates } = round.subject;
  if (updates === undefined) return undefined;
  const { resource, times: wanted = 20 } = updates;
  round.progress('notifications');
  const refused = await client.subscribe(resource);
  if (refused !== undefined) {
    return { resource, times: [], lost: 0, failure: `subscribing failed with ${refused.code}: ${refused.message}` };
  }
  const times: number[] = [];
  let lost = 0;
  for (let n = 0; n < (round.short ? 1 : wanted); n++) {
    round.signal.throwIfAborted();
    const one = await changeOnce(client, updates, round);
    if (typeof one === 'string') return { resource, times, lost, failure: one };
    if (one === undefined) lost += 1;
    else times.push(one);
  }
  return { resource, times, lost };
}

/** Nanoseconds; `undefined` for a notification that never came; words for a change that failed. */
async function changeOnce(
  client: McpClient,
  { resource, change, within = '2s' }: UpdateOptions,
  { clock }: McpRound,
): Promise<number | string | undefined> {
  let [stop, timer]: [() => void, NodeJS.Timeout | undefined] = [() => undefined, undefined];
  const from = clock.now();
  const arrived = new Promise<number | undefined>((resolve) => {
    stop = client.onNotification((method, params) => {
      if (method === 'notifications/resources/updated' && params['uri'] === resource) resolve(clock.now() - from);
    });
    timer = setTimeout(() => resolve(undefined), msFromNanos(parseDuration(within)));
  });
  try {
    // The answer too: a notification that is sent twice must not be taken for the next one.
    const { outcome, error } = await client.callTool(change.tool, change.args);
    return outcome === 'ok' ? await arrived : `tool ${change.tool} failed with ${outcome}: ${error?.message}`;
  } finally {
    stop();
    clearTimeout(timer);
  }
}
