import { isUnchanged } from './change.ts';
import { plansInBoth } from './comparability.ts';
import { defaultPlan, stageConfidence, type Stage } from './comparison-plan.ts';
import { canBeHeld, confirmedSuspects, lookOf, suspectsOf } from './confirmation.ts';
import { resolvePolicy, type ComparisonPolicy } from './policy.ts';
import { reservationOf } from './reservation.ts';
import { sideGates, valuesOf, type RunPair, type SideGate } from './side-gates.ts';

/** What to do with a benchmark: measure more rounds, leave it, or measure a second, independent set of rounds. */
export type LookVerdict = 'more' | 'done' | 'confirm';

/** What was measured so far in one stage; in the second one, `screen` is what the first measured. */
export interface LookRuns extends RunPair {
  readonly screen?: RunPair | undefined;
}

/**
 * What a look at two sides that are measured in turns asks for, by benchmark. Pure: it depends on the rounds alone, so
 * `compareSides` comes to the same conclusion from the same rounds.
 *
 * - `screen`: `confirm` as soon as one metric shows a change that matters, `done` when all of them surely did not change
 *   or the last look is reached, else `more`.
 * - `confirm`: `done` when all suspicions are confirmed or refuted or the last look is reached, else `more`.
 *
 * @param look which of the plan's looks this is, from 0; beyond the last one nothing asks for more
 * @param runs without `screen` every metric counts as a suspect in the second stage
 * @returns one entry for each benchmark that both sides planned; what no rounds can decide is `done`
 */
export function judgeLook(
  stage: Stage,
  look: number,
  runs: LookRuns,
  policy?: Partial<ComparisonPolicy>,
): ReadonlyMap<string, LookVerdict> {
  const resolved = resolvePolicy(policy);
  const looks = stage === 'screen' ? defaultPlan.looks : defaultPlan.confirmLooks;
  const states = stage === 'screen' ? screened(runs, resolved) : confirmed(runs, resolved);
  const last = look >= looks.length - 1;
  const verdict = (found: readonly GateState[]): LookVerdict =>
    found.includes('suspect') ? 'confirm' : found.includes('open') && !last ? 'more' : 'done';
  return new Map(plansInBoth(runs.base, runs.head).map(({ head: { id } }) => [id, verdict(states.get(id) ?? [])]));
}

type GateState = 'suspect' | 'open' | 'settled';

/** The states of the gates of each benchmark. */
function byBenchmark(
  gates: readonly SideGate[],
  stateOf: (gate: SideGate) => GateState,
): ReadonlyMap<string, readonly GateState[]> {
  const states = new Map<string, GateState[]>();
  for (const gate of gates) states.set(gate.benchmark, [...(states.get(gate.benchmark) ?? []), stateOf(gate)]);
  return states;
}

function screened(runs: RunPair, policy: ComparisonPolicy): ReadonlyMap<string, readonly GateState[]> {
  const gates = sideGates(runs, policy);
  const suspects = new Set(suspectsOf(runs, gates, policy).map(({ gate }) => gate));
  return byBenchmark(gates, (gate) => {
    if (cannotDecide(runs, gate)) return 'settled';
    return suspects.has(gate) ? 'suspect' : openOrSettled(runs, gate, 'screen', policy);
  });
}

function confirmed(
  { base, head, screen }: LookRuns,
  policy: ComparisonPolicy,
): ReadonlyMap<string, readonly GateState[]> {
  const fresh = { base, head };
  const gates = sideGates(fresh, policy);
  const suspects = suspectsOf(screen ?? fresh, gates, policy);
  const suspected = new Set(suspects.map(({ gate }) => gate));
  const sure = confirmedSuspects(fresh, suspects, policy);
  return byBenchmark(gates, (gate) => {
    if (sure.has(gate) || (screen && !suspected.has(gate)) || cannotDecide(fresh, gate)) return 'settled';
    return openOrSettled(fresh, gate, 'confirm', policy);
  });
}

/** What no number of rounds decides: nothing was measured, or it may not be compared. */
function cannotDecide(runs: RunPair, gate: SideGate): boolean {
  const values = valuesOf(runs, gate);
  return !canBeHeld(values) || reservationOf(runs, gate.benchmark, values) !== undefined;
}

function openOrSettled(runs: RunPair, gate: SideGate, stage: Stage, policy: ComparisonPolicy): GateState {
  const look = lookOf(gate, valuesOf(runs, gate), stageConfidence(stage, policy.confidence));
  return look && isUnchanged(look) ? 'settled' : 'open';
}
