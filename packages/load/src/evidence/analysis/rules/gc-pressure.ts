import { formatQuantity, nanos } from '@perfkeel/core';
import type { Analyser } from '../diagnosis.ts';
import { starvation } from '../facts.ts';

/** Clinic Doctor has the same limit: 100 ms of a second. */
const muchCollecting = 0.1;
/** Of the time in which the loop was busy. Without a processor everything takes longer, so only its proportions say something. */
const muchOfLoop = 0.25;
const fullHeap = 0.8;

/** The collector holds up everything else, so this comes before what looks like a busy loop. */
export const gcPressure: Analyser = {
  id: 'gc-pressure',
  causes: ['event-loop-blocked', 'cpu-saturated', 'saturated'],
  lacks: ({ server }) =>
    server.collections === undefined
      ? 'garbage collection (nodejs_gc_duration_seconds, or v8js_gc_duration)'
      : undefined,
  examine(facts) {
    const { collections, collectionShare: share, heap, heapLimit, loopUtilisation = 1 } = facts.server;
    if (collections === undefined || share === undefined || !(share > muchCollecting)) return undefined;
    if (starvation(facts) !== undefined && !(share > muchOfLoop * loopUtilisation)) return undefined;
    const size = heap === undefined ? '' : `, with a heap of ${formatQuantity(heap, 'B')}`;
    const isFull = heap !== undefined && heapLimit !== undefined && heap > fullHeap * heapLimit;
    return {
      cost: nanos(Math.min(share, 1) * facts.client.mean),
      certainty: 'likely',
      evidence: `collecting garbage took ${formatQuantity(Math.min(share, 1), 'ratio')} of the time of the target: ${collections.count} collections of ${formatQuantity(collections.mean, 'ns')} on average${size}`,
      remedies: [
        ...(isFull
          ? [
              `The heap is close to its limit of ${formatQuantity(heapLimit, 'B')}: raise it with --max-old-space-size, or look for a leak.`,
            ]
          : []),
        'Allocate less in each request, and keep fewer objects that live for some requests only.',
        'Find who allocates: node --heap-prof under this load.',
        'Many short-lived objects: a larger young generation, as with --max-semi-space-size=64, is collected less often.',
      ],
    };
  },
};
