import { metrics, type Metric } from '@perfkeel/core';
import type { LlmPlan } from '../plan-llm.ts';
import type { LlmPhase } from '../subject.ts';

const own = (id: string, unit: Metric['unit'], better: Metric['better'] = 'lower'): Metric =>
  Object.freeze({ id, unit, better });
const higher = (id: string, unit: Metric['unit']): Metric => own(id, unit, 'higher');

/** What a server of language models is measured by, beside the metrics of core. `llmFormulas` says how. */
export const llmMetrics = {
  e2e: own('e2e', 'ns'),
  ttft: own('ttft', 'ns'),
  ttfo: own('ttfo', 'ns'),
  tpot: own('tpot', 'ns'),
  icl: own('icl', 'ns'),
  coalescing: own('coalescing', 'count', 'neither'),
  coldTtft: own('cold-ttft', 'ns'),
  userTokens: higher('tokens-per-second-per-user', '1/s'),
  contextPreservation: higher('context-preservation', 'ratio'),
  switchTime: own('switch-time', 'ns'),
  switchTtft: own('switch-ttft', 'ns'),
  contextAccuracy: higher('context-accuracy', 'ratio'),
  memoryGrowth: own('memory-growth', 'B'),
  growthPerSwitch: own('growth-per-switch', 'B/op'),
  loadedE2e: own('loaded-e2e', 'ns'),
  loadedTtft: own('loaded-ttft', 'ns'),
  loadedTpot: own('loaded-tpot', 'ns'),
  stability: higher('stability', 'ratio'),
  tokens: higher('tokens-per-second', '1/s'),
  goodput: higher('goodput', '1/s'),
} as const;

/** In the order in which they are shown; the first is what `p95` alone speaks of. */
const byPhase: Readonly<Record<LlmPhase, readonly Metric[]>> = {
  baseline: [
    ...[llmMetrics.e2e, llmMetrics.ttft, llmMetrics.ttfo, llmMetrics.tpot, llmMetrics.icl, llmMetrics.coalescing],
    ...[metrics.firstByte, llmMetrics.coldTtft, llmMetrics.userTokens, metrics.rss, llmMetrics.contextPreservation],
  ],
  'cross-model': [
    ...[llmMetrics.switchTime, llmMetrics.switchTtft, llmMetrics.contextAccuracy],
    ...[llmMetrics.memoryGrowth, llmMetrics.growthPerSwitch],
  ],
  stability: [
    ...[llmMetrics.loadedE2e, llmMetrics.loadedTtft, llmMetrics.loadedTpot],
    ...[llmMetrics.stability, metrics.throughput, llmMetrics.tokens],
  ],
};

/** The metrics of one declaration: those that its phases and options make possible. */
export function metricsOf({ phases, goodput }: Pick<LlmPlan, 'phases' | 'goodput'>): readonly Metric[] {
  const some = phases.flatMap((phase) => byPhase[phase]);
  const good = goodput !== undefined && phases.includes('stability') ? [llmMetrics.goodput] : [];
  return [...new Set([...some, ...good, metrics.errors])];
}
