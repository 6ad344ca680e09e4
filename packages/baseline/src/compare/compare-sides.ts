import { median, type Comparison, type ComparisonReport, type Control, type Run, type Warning } from '@perfkeel/core';
import { interruptions, otherEnvironment, planWarnings, plansInBoth, shortRun } from './comparability.ts';
import { confirmedSuspects, suspectsOf } from './confirmation.ts';
import { compareGate, type SideComparison } from './decide-side.ts';
import { withoutTimesOfFailures } from './failing-work.ts';
import { resolvePolicy, type ComparisonPolicy } from './policy.ts';
import { sideOf, verdictOf } from './report-parts.ts';
import { reservationOf } from './reservation.ts';
import { factsOf, gateEffect, sideGates, valuesOf, type RunPair, type SideGate } from './side-gates.ts';
import type { SpentBudget } from './spent-budget.ts';

/** Two sides of one session, and what is known of them. */
export interface SidesInput extends RunPair {
  /** The second set of rounds, of the benchmarks for which `judgeLook` said `confirm`. */
  readonly confirmation?: RunPair | undefined;
  /**
   * Benchmarks that execute the same code on both sides, shown by equal hashes of everything that is executed. They
   * cannot have changed; what they measured all the same says how much the machine alone moves numbers.
   */
  readonly identical?: ReadonlySet<string> | undefined;
  /** Why base is what it is: `merge base of HEAD and main`. */
  readonly why?: string | undefined;
  /** The command that measures this again. */
  readonly reproduce?: string | undefined;
  /** Given when the budget ended the measurement before everything was decided. */
  readonly spent?: SpentBudget | undefined;
}

/** A comparison of two sides. */
export interface SidesReport extends ComparisonReport {
  /** About how much budget would decide what this one has left open, milliseconds; absent when it ended nothing. */
  readonly neededBudgetMs?: number | undefined;
}

/**
 * Decides about two sides that were measured in turns in one session. Pure.
 *
 * A first set of rounds raises suspicions, a second, independent one confirms them, and only what is confirmed is called
 * a change; `judgeLook` says after which rounds to stop. The number of each round is that of the gate's statistic; the
 * effect is the Hodges-Lehmann estimate with its rank interval, repeated over the looks so that it may be read at
 * whichever look one stopped; the false discovery rate is held over all suspects of a report.
 *
 * - `regressed`, `improved`: seen in both sets at 0.6 `warn` or more, in the best rounds, too; the effect is that of the
 *   second set, which no selection has touched. Worse fails from the middle between `warn` and `fail`, else warns.
 * - `unchanged`: the interval lies inside ±`warn`.
 * - `identical`: both sides execute the same code.
 * - `inconclusive`: everything else, with the rounds that would decide.
 *
 * @throws PerfError `bad-policy`, exit code 2. Noisy or missing data are inconclusive instead.
 */
export function compareSides(sides: SidesInput, policy?: Partial<ComparisonPolicy>): SidesReport {
  const resolved = resolvePolicy(policy);
  const { base, head, confirmation, why, reproduce, spent, identical = new Set<string>() } = sides;
  const screen = { base, head };
  const gates = sideGates(screen, resolved);
  const decisive = gates.filter(({ benchmark }) => !identical.has(benchmark));
  const suspects = suspectsOf(
    screen,
    decisive.filter((gate) => comparable(screen, gate)),
    resolved,
  );
  const confirmed = confirmation ? confirmedSuspects(confirmation, suspects, resolved) : new Set<SideGate>();
  const evidence = { screen, confirmation, suspects, confirmed, spent };
  const compared = gates.flatMap((gate): readonly SideComparison[] =>
    identical.has(gate.benchmark) ? identicalGate(screen, gate) : compareGate(gate, evidence, resolved),
  );
  const neededBudgetMs = Math.max(0, ...compared.map(({ budgetMs = 0 }) => budgetMs));
  const comparisons = withoutTimesOfFailures(compared.map(withoutBudget), head);
  const control = controlOf(
    screen,
    gates.filter(({ benchmark }) => identical.has(benchmark)),
  );
  return {
    method: 'interleaved',
    base: { ...sideOf(base), ...(why === undefined ? {} : { why }) },
    head: sideOf(head),
    comparisons,
    ...(control ? { control } : {}),
    ...(reproduce === undefined ? {} : { reproduce }),
    warnings: warningsOf(sides),
    verdict: verdictOf(comparisons),
    ...(neededBudgetMs > 0 ? { neededBudgetMs } : {}),
  };
}

const withoutBudget = ({ budgetMs: _, ...comparison }: SideComparison): Comparison => comparison;

const comparable = (screen: RunPair, gate: SideGate): boolean =>
  reservationOf(screen, gate.benchmark, valuesOf(screen, gate)) === undefined;

function identicalGate(screen: RunPair, gate: SideGate): Comparison[] {
  const values = valuesOf(screen, gate);
  if (values.base.values.length + values.head.values.length === 0 && !gate.primary) return [];
  const reason = { code: 'identical', message: 'both sides execute the same code' };
  return [{ ...factsOf(gate, values), decision: 'identical', verdict: { kind: 'pass', reasons: [reason] } }];
}

/** By medians: what is wanted is how far identical code may seem apart, not a good estimate of 0. */
function controlOf(screen: RunPair, gates: readonly SideGate[]): Control | undefined {
  const changes = gates.flatMap((gate) => {
    const { base, head } = valuesOf(screen, gate);
    const change =
      gate.primary && gateEffect(gate, { base, head }, 0.95) && median(head.values) / median(base.values) - 1;
    return typeof change === 'number' && Number.isFinite(change) ? [Math.abs(change)] : [];
  });
  return changes.length === 0 ? undefined : { pairs: changes.length, largest: Math.max(...changes) };
}

/** Code differs, that is the point: what was rewritten is no news here, what was added or removed is. */
function warningsOf({ base, head, confirmation }: SidesInput): Warning[] {
  const reservations = [otherEnvironment(base, head), shortRun(base, head)].filter((one) => one !== undefined);
  return [
    ...reservations.map(({ code, message }) => ({ code, message })),
    ...interruptions(base, head),
    ...planWarnings(base, head).filter(({ code }) => code !== 'source-changed'),
    ...otherKinds({ base, head }),
    ...failedRounds(base, 'base'),
    ...(confirmation ? [...failedRounds(confirmation.base, 'base'), ...failedRounds(confirmation.head, 'head')] : []),
    ...machineWarnings(head),
  ];
}

const otherKinds = ({ base, head }: RunPair): Warning[] =>
  plansInBoth(base, head)
    .filter((pair) => pair.base.kind !== pair.head.kind)
    .map((pair) => ({
      code: 'incomparable',
      message: `${pair.head.id} was of kind ${pair.base.kind} and is of kind ${pair.head.kind}: they do not compare`,
    }));

/** Of what failed in head's first rounds its run speaks itself; of the others nobody would hear. */
const failedRounds = ({ failures }: Run, side: string): Warning[] =>
  failures.map(({ benchmark, error }) => ({
    code: 'failed-round',
    message: `${benchmark} failed in ${side}: ${error.message}`,
  }));

const machineWarnings = ({ environment }: Run): readonly Warning[] =>
  environment.warnings.map(({ code, message }) => ({ code, message }));
