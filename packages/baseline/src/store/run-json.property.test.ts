import type { Estimate, Measurement, MeasurementData } from '@perfkeel/core';
import { sampleHistogram, sampleMeasurement, sampleRun } from '@perfkeel/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRun, encodeRun } from './run-json.ts';

const anyNumber = fc.double();
const warning = fc.record({ code: fc.string(), message: fc.string({ unit: 'binary' }) });

const estimate: fc.Arbitrary<Estimate> = fc.record({
  value: anyNumber,
  lo: fc.oneof(anyNumber, fc.constant(-Infinity)),
  hi: fc.oneof(anyNumber, fc.constant(Infinity)),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  method: fc.string(),
  warnings: fc.array(warning, { maxLength: 2 }),
});

const data: fc.Arbitrary<MeasurementData> = fc.oneof(
  fc.record({ kind: fc.constant('sample' as const), values: fc.array(anyNumber) }),
  fc.record({ kind: fc.constant('exact' as const), value: anyNumber }),
  fc.record({ kind: fc.constant('estimate' as const), estimate }),
  fc.record({ kind: fc.constant('count' as const), events: fc.nat(), trials: fc.nat() }),
  fc.record({ kind: fc.constant('series' as const), points: fc.array(fc.tuple(anyNumber, anyNumber)) }),
  fc.integer().map((seed) => sampleHistogram(1e6, 50, seed)),
);

const measurement: fc.Arbitrary<Measurement> = fc
  .record({ data, round: fc.nat(), dropped: fc.nat(), benchmark: fc.string({ unit: 'binary' }) })
  .map((fields) => sampleMeasurement(fields));

const run = fc
  .record({
    measurements: fc.array(measurement, { maxLength: 5 }),
    bound: estimate,
    id: fc.string({ minLength: 1 }),
    // The words that stand for numbers stay words where words are.
    project: fc.constantFrom('Infinity', '-Infinity', 'NaN', '__proto__', 'orders'),
  })
  .map(({ measurements, bound, id, project }) => {
    const plain = sampleRun({ id, provenance: { project } });
    const judgements = plain.judgements.map((judgement) => ({ ...judgement, estimate: bound }));
    return { ...plain, measurements, judgements };
  });

it('decode after encode is the identity, infinite bounds, NaN and -0 included', () => {
  fc.assert(
    fc.property(run, (original) => {
      const text = encodeRun(original);
      const decoded = decodeRun(text, 'run.json');
      expect(decoded).toEqual(original);
      expect(encodeRun(decoded)).toBe(text);
    }),
    { numRuns: 150 },
  );
});
