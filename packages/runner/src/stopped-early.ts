import type { BenchmarkPlan, Judgement, Measurement, Unit, Warning } from '@perfkeel/core';

/**
 * The code of the warning with which an instrument says that it ended a round because an objective could no longer be
 * kept, whatever the rest of it had brought. Its message quotes the objective.
 */
export const stoppedEarly = 'stopped-early';

export const isStoppedEarly = ({ code }: Warning): boolean => code === stoppedEarly;

/** A busy machine shows in times and rates. Counts and sizes are what they are. */
const timed: ReadonlySet<Unit> = new Set(['ns', '1/s']);

/**
 * The objective that ended a round is missed, however little was measured until then: nothing that was left out could
 * have saved it. Not when something forbids to conclude that.
 *
 * @param judgement of what was measured all the same
 * @param doubts about the machine
 */
export function judgeStopped(
  plan: BenchmarkPlan,
  judgement: Judgement,
  measurements: readonly Measurement[],
  doubts: readonly Warning[],
): Judgement {
  const own = measurements.filter(({ benchmark }) => benchmark === plan.id);
  const reason = own
    .flatMap(({ warnings }) => warnings)
    .find((warning) => isStoppedEarly(warning) && warning.message.includes(`"${judgement.objective}"`));
  if (reason === undefined || judgement.verdict.kind === 'fail') return judgement;
  const bans = [
    ...own.filter(({ metric }) => metric === judgement.metric).flatMap(({ warnings }) => warnings),
    ...(timed.has(judgement.unit) ? doubts : []),
  ].filter(({ forbids }) => forbids !== undefined);
  const reasons = bans.map(({ message }) => ({ code: 'not-valid', message }));
  return {
    ...judgement,
    verdict:
      reasons.length === 0
        ? { kind: 'fail', reasons: [{ code: 'objective-missed', message: reason.message }] }
        : { kind: 'inconclusive', reasons, needs: 'a run without this disturbance' },
  };
}
