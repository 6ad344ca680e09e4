/** The decision that is judged, from source. */
export { analyzeChannels, projectGrowth } from '@perfkeel/memory';
