import { formatQuantity, quantile, sorted, type Finding } from '@perfkeel/core';
import { makeFinding, statusOf, type Limits } from './make-finding.ts';
import type { Spins } from './spin-probe.ts';

/**
 * What spinning threads may miss of their processors. An idle machine gives them more than 97 %, a program that wants
 * one of two processors leaves 75 %, and one on each leaves half.
 */
const missedLimits: Limits = { note: 0.04, unfit: 0.1 };
/** How much longer the same work may take on average than in its best quarter. Idle machines stay below 5 %. */
const excessLimits: Limits = { note: 0.08, unfit: 0.25 };

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => formatQuantity(share, 'ratio');

/** @param quota how many processors the control group allows, when it allows fewer than there are */
export function spinFindings({ shares, blocks }: Spins, quota = Infinity): Finding[] {
  const share = mean(shares);
  const threads = shares.length === 1 ? 'a thread that spins got' : `${shares.length} threads that spin at once got`;
  const excess = mean(blocks) / quantile(sorted(blocks), 0.25) - 1;
  return [
    makeFinding(
      'share',
      'Processor share',
      statusOf(1 - share, missedLimits),
      `${threads} ${percent(share)} of a processor${shares.length === 1 ? '' : ' each'}`,
      quota < 1
        ? 'The quota of this container is less than one processor: raise it.'
        : 'Other programs want the processors too: end them, or measure when they have ended.',
    ),
    makeFinding(
      'repeatability',
      'Same work again',
      statusOf(excess, excessLimits),
      `${percent(excess)} longer on average than in its best quarter`,
      'Other programs or other virtual machines take time here; small differences stay hidden.',
    ),
  ];
}
