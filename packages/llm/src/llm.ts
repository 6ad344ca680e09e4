import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  parseObjective,
  refuseUnknownOptions,
  usageError,
  withErrorObjective,
  optionsObject,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type Metric,
  type ParsedObjective,
  type PercentText,
  type RateText,
  type SizeText,
  type TimeStatistic,
} from '@perfkeel/core';
import { llmMeasurements } from './measure/llm-measurements.ts';
import { formulaText } from './measure/formulas.ts';
import { llmMetrics, metricsOf } from './measure/llm-metrics.ts';
import { measurePlan } from './measure/measure-llm.ts';
import { planLlm, type LlmPlan } from './plan-llm.ts';
import { subjectOptions, verifySubject, type LlmSubject } from './subject.ts';

type LlmTime =
  | 'e2e'
  | 'ttft'
  | 'ttfo'
  | 'tpot'
  | 'icl'
  | 'first-byte'
  | `loaded-${'e2e' | 'ttft' | 'tpot'}`
  | `switch-${'time' | 'ttft'}`;

/** What an `llm` benchmark can promise. */
export type LlmObjective =
  | `${TimeStatistic} ${Comparator} ${DurationText}`
  | `${TimeStatistic} of ${LlmTime} ${Comparator} ${DurationText}`
  | `cold-ttft ${'<' | '<='} ${DurationText}`
  | `${'context-preservation' | 'context-accuracy' | 'stability'} ${'>' | '>='} ${PercentText}`
  | `errors ${Comparator} ${PercentText}`
  | 'errors = 0'
  | `${'throughput' | 'goodput' | 'tokens-per-second' | 'tokens-per-second-per-user'} ${'>' | '>='} ${RateText}`
  | `${'rss' | 'memory-growth'} ${'<' | '<='} ${SizeText}`
  | `growth-per-switch ${'<' | '<='} ${SizeText}/op`;

/** Everything that `llm(name, options)` takes. */
export interface LlmOptions extends LlmSubject, CommonOptions<LlmObjective> {}

/** Each starts the target anew, models and all. */
const defaultRounds = 3;

/**
 * Declares a benchmark of a server of language models, over any OpenAI-compatible stream of chat completions. `p95` alone
 * speaks of whole answers (`e2e`), or where there is no baseline of the first time of the first phase. Objectives that
 * leave errors out get `errors < 5%` beside them.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * llm('assistant', { url: 'http://127.0.0.1:11434/v1', models: ['small', 'large'],
 *   objectives: ['p95 of ttft < 500ms', 'p95 of tpot < 50ms', 'context-preservation > 95%', 'max of switch-time < 2s'] });
 */
export function llm(name: string, options: LlmOptions): Declaration {
  const location = callSite(llm);
  const understood = locating(location, () => understand(name, options));
  const { plan, measured, objectives, parsed } = understood;
  return declare({
    ...commonParts(options, { rounds: defaultRounds }),
    objectives,
    name,
    kind: 'llm',
    metrics: measured.map((metric) => ({ ...metric, formula: formulaText(metric.id) })),
    primary: measured[0]!.id,
    comparedBy: comparedBy(measured),
    quantiles: true,
    target: options.target,
    location,
    instrument: async (context) => {
      const { clock, signal, seed, short, target } = context;
      const progress = (text: string): void => context.progress(text);
      const result = await measurePlan(options, plan, { clock, signal, seed, short, target, progress });
      return llmMeasurements(result, parsed);
    },
  });
}

interface Understood {
  readonly plan: LlmPlan;
  readonly measured: readonly Metric[];
  readonly objectives: readonly string[];
  readonly parsed: readonly ParsedObjective[];
}

function understand(name: string, options: LlmOptions): Understood {
  optionsObject('llm', options, 'url: …, models: …');
  refuseUnknownOptions('llm', name, options, subjectOptions);
  verifySubject(options);
  const { objectives = [], rounds = defaultRounds, expected } = options;
  const measured = metricsOf(planLlm(options, [], rounds));
  // What may be wrong with the list itself, or with the rounds, is found by core.
  const list: readonly string[] = objectives instanceof Array ? objectives : [];
  const scope = { metrics: measured, primary: measured[0]!.id };
  const parsed = list.map((source) => manyValued(parseObjective(source, scope)));
  const judgesErrors = parsed.some(({ metric }) => metric === metrics.errors.id);
  return {
    plan: planLlm(options, parsed, Number.isInteger(rounds) && rounds > 0 ? rounds : defaultRounds),
    measured,
    objectives: objectives instanceof Array ? withErrorObjective({ objectives, expected }, judgesErrors) : objectives,
    parsed,
  };
}

/** The times that have one value a round. */
const single: readonly string[] = [llmMetrics.coldTtft.id];

/** Refuses `ttft < 1s`: it would be the mean, which nobody meant. */
function manyValued(objective: ParsedObjective): ParsedObjective {
  const { metric, unit, statistic, source } = objective;
  if (unit !== 'ns' || statistic.kind !== 'value' || single.includes(metric)) return objective;
  throw usageError(`${JSON.stringify(source)} is not an objective: "${metric}" has many values`, {
    code: 'bad-objective',
    hint: `Say which: "p95 of ${source.trim()}".`,
    excerpt: source,
  });
}

/** What users feel. Of a benchmark without a baseline, its first metric. */
function comparedBy(measured: readonly Metric[]): readonly string[] {
  const felt: readonly string[] = [llmMetrics.e2e.id, llmMetrics.ttft.id, llmMetrics.tpot.id];
  const some = measured.map(({ id }) => id).filter((id) => felt.includes(id));
  return some.length > 0 ? some : [measured[0]!.id];
}
