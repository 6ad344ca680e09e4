import { randomUUID } from 'node:crypto';
import type { McpClient } from '../client/mcp-client.ts';
import { ask, emptyAsked, runLanes, type Asked } from '../measure/ask-items.ts';
import { toolItem } from '../measure/inventory.ts';
import type { Ledger } from '../measure/ledger.ts';
import type { McpRound } from '../measure/round.ts';
import type { ToolCall } from '../subject.ts';
import { resultText } from '../tokens/context-cost.ts';

/** A pair of tools: one writes, and one reads back everything that was written. */
export interface WriteAndReadBack {
  /** A write that holds `mark`, a word that occurs nowhere else. */
  readonly write: (mark: string) => ToolCall;
  readonly read: ToolCall;
  /** @default whether the mark stands in the text */
  readonly holds?: ((text: string, mark: string) => boolean) | undefined;
  /** Writes at once. @default 50 */
  readonly writes?: number | undefined;
}

export interface LostUpdates {
  /** Writes that the server said it had done. */
  readonly acknowledged: number;
  /** Of these, the ones that are not there when everything is read back. */
  readonly lost: number;
  /** Why nothing is known: reading back failed. */
  readonly failure?: string;
  readonly asked: readonly Asked[];
}

/** All writes under way together, and then one read: what was acknowledged has to be there. */
export async function measureLostUpdates(
  client: McpClient,
  { subject: { writeAndReadBack: pair }, clock, signal, short, progress }: McpRound,
  ledger: Ledger,
): Promise<LostUpdates | undefined> {
  if (pair === undefined) return undefined;
  progress('writes at once');
  const writes = Array.from({ length: short ? 2 : (pair.writes ?? 50) }, () => {
    const mark = `m${randomUUID()}`;
    const { tool, args } = pair.write(mark);
    return { mark, asked: emptyAsked(toolItem(tool, args)) };
  });
  const reading = emptyAsked(toolItem(pair.read.tool, pair.read.args));
  let text = '';
  const asked = await ledger.keep(async () => {
    await runLanes(writes.length, writes, signal, async (write) => void (await ask(client, write.asked, clock)));
    text = resultText((await ask(client, reading, clock)).result);
    return [...writes.map((write) => write.asked), reading];
  });
  const acknowledged = writes.filter((write) => write.asked.outcomes.ok > 0);
  if (reading.outcomes.ok === 0) {
    return { acknowledged: acknowledged.length, lost: 0, failure: `reading back: ${reading.failure}`, asked };
  }
  const holds = pair.holds ?? ((all: string, mark: string) => all.includes(mark));
  const lost = acknowledged.filter(({ mark }) => !holds(text, mark)).length;
  return { acknowledged: acknowledged.length, lost, asked };
}
