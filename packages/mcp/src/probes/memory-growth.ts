import { theilSenSlope, type Estimate } from '@perfkeel/core';
import type { McpClient } from '../client/mcp-client.ts';
import { askAtOnce, type Asked } from '../measure/ask-items.ts';
import type { Item } from '../measure/inventory.ts';
import type { Ledger } from '../measure/ledger.ts';
import { residentBytes } from '../measure/resident.ts';
import type { McpRound } from '../measure/round.ts';

/** How the resident memory of a server grows with what it is asked. */
export interface MemoryGrowth {
  /** How many calls, or sessions. */
  readonly done: number;
  /** Bytes for a thousand. Where the interval holds 0, growth is not shown. */
  readonly perThousand: Estimate;
  /** Half the width of the interval: a growth below it would not have been seen. */
  readonly resolution: number;
  /** Growth is shown, but the second half grew less than half as fast: a heap on its way to its size, or a slow leak behind it. */
  readonly settling: boolean;
  readonly asked: readonly Asked[];
}

const blocks = 20;
const width = 16;

export async function measureGrowth(
  client: McpClient,
  items: readonly Item[],
  round: McpRound,
  ledger: Ledger,
): Promise<MemoryGrowth | undefined> {
  const { subject, short, target, clock, signal, progress } = round;
  const pid = client.pid ?? target?.pid;
  if (subject.growth === undefined || items.length === 0 || residentBytes(pid) === undefined) return undefined;
  progress('memory');
  const requests = Math.max(1, Math.ceil((short ? blocks : subject.growth) / blocks));
  const all: Asked[] = [];
  const block = async (): Promise<void> => {
    all.push(
      ...(await ledger.keep(async () => (await askAtOnce(client, items, { width, requests, clock, signal })).asked)),
    );
  };
  // A heap that has not settled grows without leaking.
  for (let n = 0; n < blocks / 2; n++) await block();
  const points: (readonly [number, number])[] = [];
  for (let n = 1; n <= blocks; n++) {
    await block();
    const bytes = residentBytes(pid);
    if (bytes !== undefined) points.push([n * requests, bytes]);
  }
  return growthOf(points, all);
}

/** @param points what was done until then, and resident bytes */
export function growthOf(
  points: readonly (readonly [done: number, bytes: number])[],
  asked: readonly Asked[],
): MemoryGrowth | undefined {
  if (points.length < 2) return undefined;
  const slope = slopeOf(points);
  const half = Math.ceil(points.length / 2);
  const [first, second] = [points.slice(0, half), points.slice(-half)].map((some) => slopeOf(some).value) as [
    number,
    number,
  ];
  return {
    done: points.at(-1)![0],
    perThousand: { ...slope, method: 'Theil-Sen slope of resident memory' },
    resolution: (slope.hi - slope.lo) / 2,
    settling: slope.lo > 0 && second < first / 2,
    asked,
  };
}

const slopeOf = (points: readonly (readonly [done: number, bytes: number])[]): Estimate =>
  theilSenSlope(
    points.map(([done]) => done / 1000),
    points.map(([, bytes]) => bytes),
  );
