import {
  createHistogram,
  formatQuantity,
  oneLine,
  quantile,
  sorted,
  type MeasurementData,
  type Unit,
} from '@perfkeel/core';
import { formulaText } from './measure/formulas.ts';
import { llmMeasurements } from './measure/llm-measurements.ts';
import { metricsOf } from './measure/llm-metrics.ts';
import type { LlmResult } from './measure/measure-llm.ts';
import { afterTurns, type Recall } from './measure/recall.ts';
import { wilsonShare } from './measure/wilson.ts';

/**
 * A round as text that is Markdown too, each number with its formula. Pure: the same result gives the same text. What a
 * server says stands in it without characters that a terminal would obey.
 */
export function renderLlm(result: LlmResult): string {
  const { measurements, warnings = [] } = llmMeasurements(result);
  const units = new Map(metricsOf(result.plan).map(({ id, unit }) => [id, unit]));
  const lines = measurements.flatMap(({ metric, data }) => [
    `- ${metric}: ${shown(data, units.get(metric)!)}`,
    `  = ${formulaText(metric)}`,
  ]);
  const notes = [...warnings, ...measurements.flatMap((one) => one.warnings ?? [])];
  const sections = [
    [`# ${result.plan.models.join(', ')}`],
    lines,
    recallLines(result.baseline?.context),
    [...new Set(notes.map(({ message }) => `- Note: ${message}`))],
  ];
  return `${sections
    .filter((some) => some.length > 0)
    .map((some) => some.map(oneLine).join('\n'))
    .join('\n\n')}\n`;
}

function shown(data: MeasurementData, unit: Unit): string {
  const text = (value: number): string => formatQuantity(value, unit);
  const several = (at: (q: number) => number): string =>
    [0.5, 0.95, 1].map((q) => `${q === 1 ? 'max' : `p${q * 100}`} ${text(at(q))}`).join(', ');
  switch (data.kind) {
    case 'histogram': {
      const histogram = createHistogram();
      histogram.add(data.histogram);
      return several((q) => histogram.quantile(q));
    }
    case 'sample':
      return several((q) => quantile(sorted(data.values), q));
    case 'count':
      return `${text(data.events / data.trials)} (${data.events} of ${data.trials})`;
    case 'exact':
      return text(data.value);
    case 'estimate':
      return `${text(data.estimate.value)} [${text(data.estimate.lo)}, ${text(data.estimate.hi)}]`;
    case 'series':
      return `${data.points.length} points`;
  }
}

/** Where a context ends shows here: everything is known up to some depth, and nothing beyond. */
function recallLines(recall: Recall | undefined): readonly string[] {
  return (recall?.byTurns ?? []).map(({ turns, kept, asked }) => {
    const { lo, hi } = wilsonShare(kept, asked);
    const [low, high] = [lo, hi].map((share) => formatQuantity(share, 'ratio'));
    return `- ${afterTurns(turns)}: ${kept} of ${asked} facts recalled [${low}, ${high}]`;
  });
}
