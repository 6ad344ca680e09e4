import {
  formatQuantity,
  metrics,
  pass,
  type BenchmarkPlan,
  type Judgement,
  type Measurement,
  type Verdict,
} from '@perfkeel/core';

/** Of the attempts of a benchmark: from here on its times are those of what is left, or of giving up. */
const mostFailing = 0.1;

const failingCode = 'mostly-failing';

const isErrors = (metric: string): boolean => metric === metrics.errors.id || metric.endsWith(`.${metrics.errors.id}`);

/**
 * More than a tenth of the attempts failed, and no objective says how many may: that is no pass. Where one does, it decides;
 * a demonstration that must fail has to fail by what it says itself.
 */
export function judgeFailing(
  plan: BenchmarkPlan,
  judgements: readonly Judgement[],
  measurements: readonly Measurement[],
): Verdict {
  const speaks = judgements.some(({ benchmark, metric }) => benchmark === plan.id && isErrors(metric));
  if (speaks || plan.expected === 'fail') return pass;
  const counts = measurements.flatMap(({ benchmark, metric, data }) =>
    benchmark === plan.id && metric === metrics.errors.id && data.kind === 'count' ? [data] : [],
  );
  const failed = counts.reduce((sum, { events }) => sum + events, 0);
  const attempts = counts.reduce((sum, { trials }) => sum + trials, 0);
  if (!(failed > mostFailing * attempts)) return pass;
  const share = formatQuantity(failed / attempts, 'ratio');
  const message = `${failed} of ${attempts} attempts failed (${share}), and no objective says how many may`;
  return {
    kind: 'inconclusive',
    reasons: [{ code: failingCode, message }],
    needs: 'fewer failures, or an objective for them, such as "errors < 5%"',
  };
}

/** The same measurements; the first one of errors of what mostly fails says so, for whoever reads the remarks. */
export function remarkFailing(
  measurements: readonly Measurement[],
  verdicts: readonly { readonly benchmark: string; readonly verdict: Verdict }[],
): readonly Measurement[] {
  const reasons = verdicts.flatMap(({ benchmark, verdict }) =>
    verdict.reasons.flatMap(({ code, message }) => (code === failingCode ? [{ benchmark, message }] : [])),
  );
  const places = reasons.map(({ benchmark, message }) => {
    const at = measurements.findIndex((one) => one.benchmark === benchmark && one.metric === metrics.errors.id);
    return [at, { code: failingCode, message }] as const;
  });
  const at = new Map(places);
  return measurements.map((one, i) => {
    const warning = at.get(i);
    return warning === undefined ? one : { ...one, warnings: [...one.warnings, warning] };
  });
}
