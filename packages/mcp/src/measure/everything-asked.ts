import type { Asked } from './ask-items.ts';
import type { McpResult } from './measure-mcp.ts';

/** Everything that was asked, whether cold, warm, at once, or beside a slow tool. */
export const everythingAsked = (result: McpResult): readonly Asked[] => [
  ...[...result.cold, ...result.warm, ...(result.throughput?.asked ?? []), ...(result.growth?.asked ?? [])],
  ...[...(result.capacity?.asked ?? []), ...(result.lostUpdates?.asked ?? [])],
  ...(result.besideSlow === undefined ? [] : [result.besideSlow]),
];
