/** The decision that is judged, from source. */
export { analyzeChannels, projectGrowth } from '@perfkeel/memory';
export { engineLearning } from '../../packages/memory/src/analysis/engine-learning.ts';
