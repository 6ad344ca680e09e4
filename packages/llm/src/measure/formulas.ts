import { metrics } from '@perfkeel/core';
import { llmMetrics } from './llm-metrics.ts';

/** How a metric comes about, and who else counts it so. The same names mean other things in other tools. */
export interface LlmFormula {
  readonly formula: string;
  readonly source: string;
}

const vllm = 'vLLM `bench serve`';
const here = 'perfkeel';

/** The formula of every metric of `llm`, by its id. */
export const llmFormulas: Readonly<Record<string, LlmFormula>> = {
  [llmMetrics.e2e.id]: {
    formula: 'end of the answer ([DONE], else of the stream) − request sent',
    source: 'GuideLLM request latency',
  },
  [llmMetrics.ttft.id]: {
    formula: 'first text, reasoning included − request sent; never the first byte',
    source: `${vllm} TTFT; MLPerf Inference TTFT`,
  },
  [llmMetrics.ttfo.id]: {
    formula: 'first text that is no reasoning − request sent',
    source: 'GuideLLM time to first output token',
  },
  [llmMetrics.tpot.id]: {
    formula: '(last text − first text) / (tokens sent − 1), per request',
    source: `${vllm} TPOT; MLPerf Inference TPOT; AIPerf calls it ITL; that of GuideLLM holds the first token too`,
  },
  [llmMetrics.icl.id]: {
    formula: 'gaps between arrivals of text, of all requests together; one arrival may hold several tokens',
    source: 'AIPerf inter-chunk latency',
  },
  [llmMetrics.coalescing.id]: { formula: 'tokens sent / arrivals of text', source: 'GuideLLM tokens per iteration' },
  [metrics.firstByte.id]: { formula: 'first byte of the body − request sent; may hold no text', source: here },
  [llmMetrics.coldTtft.id]: { formula: 'ttft of the first request of a round that the server took', source: here },
  [llmMetrics.userTokens.id]: { formula: '1 / median tpot', source: 'AIPerf output token throughput per user' },
  [metrics.rss.id]: { formula: 'resident bytes of the server and its children behind the baseline', source: here },
  [llmMetrics.contextPreservation.id]: {
    formula:
      'facts recalled after turns about other things / facts asked for, but for answers cut before their first word; Wilson interval of each round',
    source: 'Wilson (1927)',
  },
  [llmMetrics.switchTime.id]: {
    formula:
      'ttft of the first request to another model, with what a 503 asks to wait − median ttft of that model once warm; not below 0',
    source: here,
  },
  [llmMetrics.switchTtft.id]: {
    formula: 'ttft of the first request to another model, with what a 503 asks to wait',
    source: here,
  },
  [llmMetrics.contextAccuracy.id]: {
    formula:
      'facts that one model was told and the next recalls / facts asked for, but for answers cut before their first word; Wilson interval of each round',
    source: 'Wilson (1927)',
  },
  [llmMetrics.memoryGrowth.id]: {
    formula: 'resident bytes behind the last tour over the models − behind the first',
    source: here,
  },
  [llmMetrics.growthPerSwitch.id]: {
    formula: 'slope of the resident bytes behind each tour over the switches',
    source: 'Theil (1950), Sen (1968)',
  },
  [llmMetrics.loadedE2e.id]: { formula: 'e2e with many requests at once', source: here },
  [llmMetrics.loadedTtft.id]: { formula: 'ttft with many requests at once', source: here },
  [llmMetrics.loadedTpot.id]: { formula: 'tpot with many requests at once', source: here },
  [llmMetrics.stability.id]: { formula: 'whole answers / requests, many at once', source: here },
  [metrics.throughput.id]: { formula: 'whole answers / time of the phase', source: `${vllm} request throughput` },
  [llmMetrics.tokens.id]: {
    formula: 'tokens of whole answers / time of the phase',
    source: `${vllm} output token throughput; MLPerf Inference tokens/s`,
  },
  [llmMetrics.goodput.id]: {
    formula: 'whole answers with every given time within its limit / time of the phase',
    source: `${vllm} goodput; DistServe (2024)`,
  },
  [metrics.errors.id]: { formula: 'failed requests / requests, of all phases', source: here },
};

/** Both in one line, as reports show them. */
export function formulaText(metric: string): string {
  const { formula, source } = llmFormulas[metric]!;
  return `${formula} (${source})`;
}
