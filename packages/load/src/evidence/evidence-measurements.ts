import {
  collectionMark,
  type LongCollection,
  type Metric,
  type Nanos,
  type RoundMeasurement,
  type Warning,
} from '@perfkeel/core';
import type { EvidenceResult } from './evidence-result.ts';
import type { ServerSignals } from './signals/server-signals.ts';

interface EvidenceMetric {
  readonly metric: Metric;
  readonly read: (server: ServerSignals) => number | undefined;
}

const told = (
  id: string,
  unit: Metric['unit'],
  read: EvidenceMetric['read'],
  better: Metric['better'] = 'lower',
): EvidenceMetric => ({ metric: Object.freeze({ id, unit, better }), read });

const hitRate = ({ cacheHits = 0, cacheMisses }: ServerSignals): number | undefined =>
  cacheMisses === undefined || cacheHits + cacheMisses === 0 ? undefined : cacheHits / (cacheHits + cacheMisses);

const meanOf = (times: ServerSignals['handling']): number | undefined =>
  times === undefined || times.count === 0 ? undefined : times.mean;

const collections = 'target-gc-time';

/** What a target may tell of itself: of a round, and over time. */
const evidence: readonly EvidenceMetric[] = [
  told('handling-time', 'ns', ({ handling }) => meanOf(handling)),
  told('pool-wait', 'ns', ({ poolWait }) => meanOf(poolWait)),
  told('query-time', 'ns', ({ queries }) => meanOf(queries)),
  told('cache-hits', 'ratio', hitRate, 'higher'),
  told('target-loop-utilisation', 'ratio', ({ loopUtilisation }) => loopUtilisation),
  told(collections, 'ratio', ({ collectionShare }) => collectionShare && Math.min(collectionShare, 1)),
  told('target-heap', 'B', ({ heap }) => heap),
];

/** Of every load that asks for evidence. What the target does not tell has no values. */
export const evidenceMetrics: readonly Metric[] = evidence.map(({ metric }) => metric);

const pauseMark = (pause: LongCollection): { readonly at: Nanos; readonly label: string } => ({
  at: pause.at,
  label: `target: ${collectionMark(pause).label}`,
});

/** Fewer points show no course. */
const fewestPoints = 3;

/** What the target told: one number a round, and its course where there is one. Means, not quantiles. */
export function evidenceMeasurements({ server, course, pauses = [] }: EvidenceResult): readonly RoundMeasurement[] {
  if (server === undefined) return [];
  return evidence.flatMap(({ metric: { id: metric }, read }): RoundMeasurement[] => {
    const value = read(server);
    if (value === undefined) return [];
    const points = course.flatMap((interval) => {
      const then = read(interval);
      return then === undefined ? [] : [[interval.end, then] as const];
    });
    const marks = metric === collections && pauses.length > 0 ? { marks: pauses.map(pauseMark) } : {};
    return [
      { metric, data: { kind: 'exact', value } },
      ...(points.length < fewestPoints ? [] : [{ metric, data: { kind: 'series' as const, points, ...marks } }]),
    ];
  });
}

/** What follows, as remarks on the round: what holds the target up first. */
export const evidenceWarnings = ({ diagnoses, missing, unjudged, leftOut }: EvidenceResult): readonly Warning[] => [
  ...diagnoses.map(({ id, certainty, evidence, remedies }) => ({
    code: id,
    message: certainty === 'possible' ? `possibly: ${evidence}` : evidence,
    remedies,
  })),
  ...missing.map((message) => ({ code: 'evidence-missing', message })),
  ...(unjudged.length === 0 ? [] : [{ code: 'not-judged', message: `could not be judged: ${unjudged.join('; ')}` }]),
  ...(leftOut.length === 0
    ? []
    : [{ code: 'told-twice', message: `of metrics that tell the same one counts: ${leftOut.join('; ')}` }]),
];
