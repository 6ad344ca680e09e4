import { nanos, perSecond } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../evidence/analysis/diagnosis.ts';
import type { EvidenceResult } from '../evidence/evidence-result.ts';
import { KneeWatch, kneeWarnings, type KneeEvidence } from './knee-evidence.ts';

const plan = { metrics: '/metrics', every: nanos(1e9) };
const pool: Diagnosis = {
  ...{ id: 'pool-exhausted', cost: nanos(1), certainty: 'likely', evidence: 'work waited', remedies: ['Raise it.'] },
};
const loop: Diagnosis = { ...pool, id: 'event-loop-blocked', evidence: 'the loop was busy' };
const told = (...diagnoses: readonly Diagnosis[]): EvidenceResult => ({
  ...{ server: { start: nanos(0), end: nanos(1e9) }, course: [], diagnoses },
  ...{ unjudged: [], leftOut: [], missing: [] },
});
const silence: EvidenceResult = {
  ...{ course: [], diagnoses: [], unjudged: ['the target, which told nothing'], leftOut: [] },
  missing: ['the metrics could not be read: no answer within 1 s'],
};
const trial = (rate: number, outcome: 'good' | 'bad' | 'doubtful' | 'invalid') => ({ rate: perSecond(rate), outcome });

const messages = (evidence: KneeEvidence | undefined): readonly (readonly [string, string])[] =>
  kneeWarnings(evidence ?? {}).map(({ code, message }) => [code, message]);

describe('what limits a capacity', () => {
  it('is what was found in the last trial above it, and whether it was there below', () => {
    const watch = new KneeWatch(plan);
    watch.add(trial(200, 'good'), told(pool));
    watch.add(trial(220, 'invalid'), told(loop));
    watch.add(trial(220, 'bad'), told());
    watch.add(trial(220, 'doubtful'), told(pool, loop));
    watch.add(trial(400, 'bad'), told(loop));
    expect(messages(watch.between(200, 220))).toEqual([
      ['pool-exhausted', 'at 220/s, where it is no longer kept: work waited; so it was at 200/s already'],
      ['event-loop-blocked', 'at 220/s, where it is no longer kept: the loop was busy'],
    ]);
    expect(kneeWarnings(watch.between(200, 220)!)[0]?.remedies).toEqual(['Raise it.']);
  });

  it('is told of the highest rate where all of them held, and is nothing where nothing was found', () => {
    const watch = new KneeWatch(plan);
    watch.add(trial(200, 'good'), told(pool));
    expect(messages(watch.between(200, Infinity))).toEqual([
      ['pool-exhausted', 'at 200/s, the highest rate that held: work waited'],
    ]);
    watch.add(trial(100, 'good'), told());
    expect(messages(watch.between(100, Infinity))).toEqual([]);
  });

  it('is unexplained where nothing was found above', () => {
    const watch = new KneeWatch(plan);
    watch.add(trial(200, 'good'), told(pool));
    watch.add(trial(220, 'bad'), told());
    expect(messages(watch.between(200, 220))).toEqual([
      [
        'limit-unexplained',
        'what the target tells of itself does not say what limits it at 220/s; at 200/s, work waited',
      ],
    ]);
  });
});

it('who told nothing in two trials in a row is not asked in a third one, and that is told', () => {
  const watch = new KneeWatch(plan);
  watch.add(trial(400, 'bad'), silence);
  watch.add(trial(100, 'good'), told());
  watch.add(trial(200, 'good'), silence);
  expect(watch.plan).toBe(plan);
  watch.add(trial(220, 'bad'), silence);
  expect(watch.plan).toBeUndefined();
  watch.add(trial(210, 'bad'), undefined);
  expect(messages(watch.between(200, 210)).map(([code]) => code)).toEqual(['evidence-missing', 'not-judged']);
  expect(new KneeWatch(undefined).between(1, 2)).toBeUndefined();
});
