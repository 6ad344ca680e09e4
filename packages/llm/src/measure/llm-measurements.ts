import {
  createHistogram,
  metrics,
  theilSenSlope,
  type Estimate,
  type HistogramData,
  type ParsedObjective,
  type RoundMeasurement,
  type RoundResult,
  type Warning,
} from '@perfkeel/core';
import { allAnswers } from './all-answers.ts';
import { answerTimes, succeeded, ttftOf } from './answer-times.ts';
import type { BaselineResult } from './baseline-phase.ts';
import { sameModel, switchTimes, type CrossModelResult } from './cross-model-phase.ts';
import { isGood } from './goodput.ts';
import { llmMetrics } from './llm-metrics.ts';
import { busyClient, llmWarnings } from './llm-warnings.ts';
import { fewOutputs, manyUnsaid } from './ran-out-warnings.ts';
import type { LlmResult } from './measure-llm.ts';
import type { Recall } from './recall.ts';
import type { StabilityResult } from './stability-phase.ts';
import { wilsonShare, wilsonTrials } from './wilson.ts';

type Maybe = RoundMeasurement | undefined;

/**
 * A round in the words of a round. What was not measured has no metric, rather than a zero.
 *
 * @param objectives say what would decide a share that is still open
 */
export function llmMeasurements(result: LlmResult, objectives: readonly ParsedObjective[] = []): RoundResult {
  const { baseline, crossModel, stability } = result;
  const all: readonly Maybe[] = [
    ...(baseline === undefined ? [] : baselineMeasurements(baseline, result, objectives)),
    ...(crossModel === undefined ? [] : crossModelMeasurements(crossModel, objectives)),
    ...(stability === undefined ? [] : stabilityMeasurements(stability, result)),
    errorsOf(result),
  ];
  return { measurements: all.filter((one) => one !== undefined), warnings: llmWarnings(result) };
}

function baselineMeasurements(
  { completions, cold, rss, context }: BaselineResult,
  { plan }: LlmResult,
  objectives: readonly ParsedObjective[],
): readonly Maybe[] {
  const times = answerTimes(completions, plan.tokenizer);
  const pace = createHistogram();
  pace.add(times.tpot);
  const coldTime = cold.failure === undefined ? ttftOf(cold) : undefined;
  return [
    histogram(llmMetrics.e2e.id, times.e2e),
    histogram(llmMetrics.ttft.id, times.ttft),
    withWarnings(histogram(llmMetrics.ttfo.id, times.ttfo), fewOutputs(completions)),
    histogram(llmMetrics.tpot.id, times.tpot),
    histogram(llmMetrics.icl.id, times.icl),
    exact(llmMetrics.coalescing.id, times.arrivals === 0 ? undefined : times.sent / times.arrivals),
    histogram(metrics.firstByte.id, times.firstByte),
    exact(llmMetrics.coldTtft.id, coldTime),
    exact(llmMetrics.userTokens.id, pace.count > 0 && pace.quantile(0.5) > 0 ? 1e9 / pace.quantile(0.5) : undefined),
    exact(metrics.rss.id, rss),
    share(llmMetrics.contextPreservation.id, context, objectives),
  ];
}

function crossModelMeasurements(
  { switches, context, memory }: CrossModelResult,
  objectives: readonly ParsedObjective[],
): readonly Maybe[] {
  const times = switchTimes(switches);
  const name = sameModel(switches);
  const message = `every answer names the model ${name}, whichever was asked: nothing was switched`;
  const ban: readonly Warning[] = name === undefined ? [] : [{ code: 'same-model', message, forbids: 'verdict' }];
  const slope = theilSenSlope(
    memory.map((one) => one.switches),
    memory.map(({ bytes }) => bytes),
  );
  const all: readonly Maybe[] = [
    sample(llmMetrics.switchTime.id, times.alone),
    sample(llmMetrics.switchTtft.id, times.ttft),
    share(llmMetrics.contextAccuracy.id, context, objectives),
    exact(llmMetrics.memoryGrowth.id, memory.length < 2 ? undefined : memory.at(-1)!.bytes - memory[0]!.bytes),
    memory.length < 2 ? undefined : estimate(llmMetrics.growthPerSwitch.id, slope),
  ];
  return all.map((one) => withWarnings(one, ban));
}

function stabilityMeasurements(result: StabilityResult, { plan }: LlmResult): readonly Maybe[] {
  const { completions, elapsed } = result;
  const { tokenizer, goodput } = plan;
  const times = answerTimes(completions, tokenizer);
  const whole = succeeded(completions).length;
  const perSecond = (count: number): number | undefined => (elapsed > 0 ? count / (elapsed / 1e9) : undefined);
  const good = goodput && completions.filter((one) => isGood(one, goodput, tokenizer)).length;
  const timed: readonly Maybe[] = [
    histogram(llmMetrics.loadedE2e.id, times.e2e),
    histogram(llmMetrics.loadedTtft.id, times.ttft),
    histogram(llmMetrics.loadedTpot.id, times.tpot),
    exact(metrics.throughput.id, perSecond(whole)),
    exact(llmMetrics.tokens.id, perSecond(times.tokens)),
    exact(llmMetrics.goodput.id, good === undefined ? undefined : perSecond(good)),
  ];
  const ban = busyClient(result);
  return [
    ...timed.map((one) => withWarnings(one, ban)),
    count(llmMetrics.stability.id, whole, completions.length + result.dropped),
  ];
}

function errorsOf(result: LlmResult): Maybe {
  const all = allAnswers(result);
  const { baseline, crossModel, stability } = result;
  const dropped = (baseline?.dropped ?? 0) + (crossModel?.dropped ?? 0) + (stability?.dropped ?? 0);
  const failed = all.length - succeeded(all).length;
  const counted = count(metrics.errors.id, failed, all.length);
  return counted && { ...counted, ...(dropped > 0 && { dropped }) };
}

const withWarnings = (one: Maybe, more: readonly Warning[]): Maybe =>
  one && (more.length === 0 ? one : { ...one, warnings: [...(one.warnings ?? []), ...more] });

const exact = (metric: string, value: number | undefined): Maybe =>
  value === undefined ? undefined : { metric, data: { kind: 'exact', value } };

const estimate = (metric: string, value: Estimate): Maybe => ({ metric, data: { kind: 'estimate', estimate: value } });

const histogram = (metric: string, data: HistogramData): Maybe =>
  data.count === 0 ? undefined : { metric, data: { kind: 'histogram', histogram: data } };

const sample = (metric: string, values: readonly number[]): Maybe =>
  values.length === 0 ? undefined : { metric, data: { kind: 'sample', values } };

const count = (metric: string, events: number, trials: number): Maybe =>
  trials === 0 ? undefined : { metric, data: { kind: 'count', events, trials } };

/** Says with the interval how many more questions would decide, if the share stays what it is. */
function share(metric: string, recall: Recall, objectives: readonly ParsedObjective[]): Maybe {
  const { kept, asked } = recall;
  if (asked === 0) return undefined;
  const wilson = wilsonShare(kept, asked);
  const limits = objectives.filter((one) => one.metric === metric).map(({ limit }) => limit);
  const needed = Math.max(0, ...limits.map((limit) => wilsonTrials(wilson.value, limit))) - asked;
  const message = `${needed} more questions in each round`;
  const few: readonly Warning[] = needed > 0 && Number.isFinite(needed) ? [{ code: 'too-few-samples', message }] : [];
  return withWarnings(estimate(metric, { ...wilson, warnings: few }), manyUnsaid(recall));
}
