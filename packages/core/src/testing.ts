export {
  bimodal,
  drawSample,
  exponential,
  heavyTailed,
  logNormal,
  normal,
  referenceDistributions,
  type ReferenceDistribution,
} from './testing/distributions.ts';
export { fakeClock, type FakeClock } from './testing/fake-clock.ts';
export {
  sampleEnvironment,
  sampleHistogram,
  sampleMeasurement,
  samplePlan,
  sampleProvenance,
  sampleRun,
  type SampleRunOptions,
} from './testing/sample-run.ts';
