import { parseDuration, quantile, sorted, type DurationText } from '@perfkeel/core';
import type { McpClient } from '../client/mcp-client.ts';
import { askAtOnce, requestsOf, type Asked } from '../measure/ask-items.ts';
import type { Item } from '../measure/inventory.ts';
import type { Ledger } from '../measure/ledger.ts';
import type { McpRound } from '../measure/round.ts';

/** How many requests under way together a server can take. */
export interface CapacityOptions {
  /** What p95 has to stay below. */
  readonly p95: DurationText;
  /** The most requests under way that are tried. @default 64 */
  readonly upTo?: number | undefined;
}

export interface CapacityStep {
  readonly inFlight: number;
  /** Successful answers. */
  readonly perSecond: number;
  /** Nanoseconds; `NaN` when nothing succeeded. */
  readonly p95: number;
  readonly failed: number;
  readonly kept: boolean;
}

export interface McpCapacity {
  /** The most answers per second of a step that keeps p95; 0 when none does. */
  readonly perSecond: number;
  readonly limit: number;
  readonly steps: readonly CapacityStep[];
  readonly asked: readonly Asked[];
}

/** Below 59 a p95 has no upper bound. */
const fewest = 60;
const perWidth = 20;

/** Doubles what is under way until p95 or a request fails. A step that fails is tried once more: the first may be chance. */
export async function measureCapacity(
  client: McpClient,
  items: readonly Item[],
  { subject, short, clock, signal, progress }: McpRound,
  ledger: Ledger,
): Promise<McpCapacity | undefined> {
  if (subject.capacity === undefined || items.length === 0) return undefined;
  const { p95, upTo = 64 } = subject.capacity;
  const limit = parseDuration(p95);
  const [steps, all]: [CapacityStep[], Asked[]] = [[], []];
  const tryStep = async (inFlight: number): Promise<CapacityStep> => {
    progress(`${inFlight} in flight`);
    const requests = short ? 2 : Math.max(fewest, perWidth * inFlight);
    let perSecond = 0;
    const asked = await ledger.keep(async () => {
      const done = await askAtOnce(client, items, { width: inFlight, requests, clock, signal });
      perSecond = done.perSecond;
      return done.asked;
    });
    all.push(...asked);
    return stepOf(inFlight, perSecond, asked, limit);
  };
  for (let inFlight = 1; inFlight <= (short ? 1 : upTo) && steps.at(-1)?.kept !== false; inFlight *= 2) {
    const first = await tryStep(inFlight);
    steps.push(first.kept ? first : await tryStep(inFlight));
  }
  const best = Math.max(0, ...steps.filter(({ kept }) => kept).map(({ perSecond }) => perSecond));
  return { perSecond: best, limit, steps, asked: all };
}

function stepOf(inFlight: number, perSecond: number, asked: readonly Asked[], limit: number): CapacityStep {
  const times = asked.flatMap(({ times: some }) => some);
  const failed = asked.reduce((sum, one) => sum + requestsOf(one) - one.outcomes.ok, 0);
  const p95 = times.length === 0 ? Number.NaN : quantile(sorted(times), 0.95);
  return { inFlight, perSecond, p95, failed, kept: failed === 0 && p95 < limit };
}
