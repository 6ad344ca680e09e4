import { setTimeout as sleep } from 'node:timers/promises';
import { msFromNanos, parseDuration, type DurationText } from '@perfkeel/core';
import type { McpAnswer } from '../client/answer.ts';
import type { McpClient } from '../client/mcp-client.ts';
import type { McpRound } from '../measure/round.ts';
import type { ToolCall } from '../subject.ts';

/** A tool that takes long, and is called only to be cancelled. */
export interface CancelOptions extends ToolCall {
  /** How long it has been under way when it is cancelled. @default '50ms' */
  readonly after?: DurationText | undefined;
  /** How long it is watched from then on. @default '2s' */
  readonly watch?: DurationText | undefined;
  /** How often. @default 3 */
  readonly times?: number | undefined;
  /** Asks the server whether it has stopped. Without it only what the server sends can tell. */
  readonly stopped?: ((client: McpClient) => PromiseLike<boolean>) | undefined;
}

/**
 * What became of a cancelled call:
 *
 * - `stopped`: the server said so, by an error as its answer or through the option `stopped`
 * - `ignored`: its result came all the same, its progress went on, or `stopped` never came true
 * - `silent`: nothing came any more, and nothing tells whether the work goes on
 * - `finished`: it had its answer before it could be cancelled
 */
export type CancelEnd = 'stopped' | 'ignored' | 'silent' | 'finished';

export interface Cancellation {
  readonly tool: string;
  readonly ends: Readonly<Record<CancelEnd, number>>;
  /** Nanoseconds from the cancellation until the server was seen to have stopped. */
  readonly times: readonly number[];
}

/** One message of progress may have been under way when the server learnt of the cancellation; a second one was not. */
const toleratedProgress = 1;
const pollMs = 5;

export async function measureCancellation(client: McpClient, round: McpRound): Promise<Cancellation | undefined> {
  const { cancel } = round.subject;
  if (cancel === undefined) return undefined;
  const ends: Record<CancelEnd, number> = { stopped: 0, ignored: 0, silent: 0, finished: 0 };
  const times: number[] = [];
  for (let n = 0; n < (round.short ? 1 : (cancel.times ?? 3)); n++) {
    round.signal.throwIfAborted();
    const { end, time } = await cancelOne(client, cancel, `cancel-${n}`, round);
    ends[end] += 1;
    if (end === 'stopped') times.push(time);
  }
  return { tool: cancel.tool, ends, times };
}

interface Ended {
  readonly end: CancelEnd;
  readonly time: number;
}

async function cancelOne(
  client: McpClient,
  { tool, args = {}, after = '50ms', watch = '2s', stopped }: CancelOptions,
  progressToken: string,
  { clock }: McpRound,
): Promise<Ended> {
  const seen: { answer?: McpAnswer; progress: number } = { progress: 0 };
  const stop = client.onNotification((method, params) => {
    if (method === 'notifications/progress' && params['progressToken'] === progressToken) seen.progress += 1;
  });
  try {
    const sending = client.send('tools/call', { name: tool, arguments: args, _meta: { progressToken } });
    void sending.answer.then((got) => (seen.answer = got));
    await Promise.race([sending.answer, sleep(msFromNanos(parseDuration(after)))]);
    if (seen.answer !== undefined) return { end: 'finished', time: 0 };
    seen.progress = 0;
    const from = clock.now();
    // Over HTTP a server may take the message only once its work is over, or never.
    const told = client.cancel(sending.id).catch(() => undefined);
    await Promise.race([told, sleep(msFromNanos(parseDuration(watch)), undefined, { ref: false })]);
    const until = from + parseDuration(watch);
    while (clock.now() < until) {
      const end = endOf(seen.answer, seen.progress) ?? ((await stopped?.(client)) === true ? 'stopped' : undefined);
      if (end !== undefined) return { end, time: clock.now() - from };
      await sleep(pollMs);
    }
    const late = endOf(seen.answer, seen.progress);
    if (late !== undefined) return { end: late, time: clock.now() - from };
    return { end: stopped === undefined ? 'silent' : 'ignored', time: 0 };
  } finally {
    stop();
  }
}

/** What the server's own messages tell. A broken transport tells nothing: closing it is how some calls are cancelled. */
function endOf(answer: McpAnswer | undefined, progress: number): CancelEnd | undefined {
  if (answer?.outcome === 'ok') return 'ignored';
  if (answer?.outcome === 'tool-error' || answer?.outcome === 'rpc-error') return 'stopped';
  return progress > toleratedProgress ? 'ignored' : undefined;
}
