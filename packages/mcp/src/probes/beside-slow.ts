import type { McpClient } from '../client/mcp-client.ts';
import { ask, emptyAsked, type Asked } from '../measure/ask-items.ts';
import { toolItem } from '../measure/inventory.ts';
import type { Ledger } from '../measure/ledger.ts';
import type { McpRound } from '../measure/round.ts';

/** Calls that one slow call may have beside it. */
const mostBeside = 1000;

/** A fast tool, called again and again while a slow one is under way: both, as they were asked. */
export interface BesideSlow {
  readonly slow: Asked;
  readonly fast: Asked;
}

export async function measureBeside(
  client: McpClient,
  { subject: { beside }, clock }: McpRound,
  ledger: Ledger,
): Promise<BesideSlow | undefined> {
  if (beside === undefined) return undefined;
  const [slow, fast] = [beside.slow, beside.fast].map(({ tool, args }) => emptyAsked(toolItem(tool, args))) as [
    Asked,
    Asked,
  ];
  let under = true;
  await ledger.keep(async () => {
    const ended = ask(client, slow, clock).then(() => (under = false));
    for (let n = 0; under && n < mostBeside; n++) await ask(client, fast, clock);
    await ended;
    return [slow, fast];
  });
  return { slow, fast };
}
