import type { Increments, Jump } from './increments.ts';

/** Until a container that doubles has doubled again, and a round to see it. */
const wholeStep = 2.2;
/** Jumps of containers multiply what there is, by 1.5 to 2 each, and so is each larger than the last. */
const [leastFactor, mostFactor] = [1.3, 2.7];
/** A whole step may hold two of them, or of several. */
const mostRoom = 4.5;

/**
 * Bytes per iteration that the steps of growing containers add: the room that they have made until then over the
 * iterations that it is for, on average over the last whole step.
 *
 *     room per iteration  |\    |\    |\
 *                         | \   | \   | \       twice as much right after a step
 *                         |  \  |  \  |  \      of one that doubles, as right before it
 *                         |   \_|   \_|   \_
 *
 * Where one looks once, or from end to end, depends on the moment. `undefined` where jumps do not multiply what there was
 * before them: that says nothing about the next one.
 */
export function steppedGrowth({ iterations, jumps, floor }: Increments): number | undefined {
  const end = iterations.at(-1)!;
  if (!isMultiplied(jumps)) return undefined;
  const unseen = unseenRoom({ iterations, jumps, floor });
  const roomAt = (at: number): number =>
    jumps.reduce((sum, jump) => sum + (jump.iterations <= at ? jump.bytes : 0), unseen);
  const from = iterations.findIndex((at) => at >= end / wholeStep);
  const factor = roomAt(end) / roomAt(iterations[from]!);
  if (!(factor >= leastFactor && factor <= mostRoom)) return undefined;
  let sum = 0;
  for (let i = from + 1; i < iterations.length; i++) {
    sum += (roomAt(iterations[i]!) / iterations[i]!) * (iterations[i]! - iterations[i - 1]!);
  }
  return sum / (end - iterations[from]!);
}

/** Lumps of an engine come in any order, and in one size: the last jump must be a multiple of one before it. */
function isMultiplied(jumps: readonly Jump[]): boolean {
  const last = jumps.at(-1)?.bytes ?? 0;
  return jumps.slice(0, -1).some(({ bytes }) => last >= leastFactor * bytes && last <= mostFactor * bytes);
}

/**
 * Room from before the first jump that was seen: as much as that one added, of a container that doubles. Only where the
 * jump before it would have been too early or too small to see; otherwise nothing had been filling since the start.
 */
function unseenRoom({ iterations, jumps, floor }: Pick<Increments, 'iterations' | 'jumps' | 'floor'>): number {
  const [first, second] = jumps;
  if (first === undefined) return 0;
  const isHidden = first.iterations <= wholeStep * iterations[0]! || first.bytes <= wholeStep * floor;
  if (!isHidden) return 0;
  const growsByHalf = second !== undefined && second.bytes / first.bytes < 1.75;
  return growsByHalf ? 2 * first.bytes : first.bytes;
}
