import { benjaminiHochberg } from '@perfkeel/core';
import { shownChange, mayMatter, type Direction, type Look } from './change.ts';
import { stageConfidence } from './comparison-plan.ts';
import type { ComparisonPolicy } from './policy.ts';
import { reservationOf } from './reservation.ts';
import { valuesOf, type GateValues, type RunPair, type SideGate } from './side-gates.ts';
import { effectInTurns, pInTurns } from './turns.ts';

/** Whether there is anything to hold against each other. */
export const canBeHeld = ({ base, head }: GateValues): boolean =>
  base.values.length > 0 && head.values.length > 0 && base.statistic === head.statistic;

/** What one stage measured for a gate; `undefined` when there is nothing to hold against each other. */
export function lookOf(
  { metric: { unit }, limits }: SideGate,
  sides: GateValues,
  confidence: number,
): Look | undefined {
  if (!canBeHeld(sides)) return undefined;
  const { base, head } = sides;
  return { unit, base, head, effect: effectInTurns(unit, base, head, confidence), limits };
}

/** A gate of which the first rounds say that it changed, and into which direction. */
export interface Suspect {
  readonly gate: SideGate;
  readonly direction: Direction;
}

/** What the first stage suspects. A change that surely is smaller than what matters is no suspicion. */
export function suspectsOf(screen: RunPair, gates: readonly SideGate[], policy: ComparisonPolicy): Suspect[] {
  const confidence = stageConfidence('screen', policy.confidence);
  return gates.flatMap((gate) => {
    const look = lookOf(gate, valuesOf(screen, gate), confidence);
    const direction = look ? shownChange(look) : 0;
    return look && direction !== 0 && mayMatter(look, direction) ? [{ gate, direction }] : [];
  });
}

/**
 * The suspects that a fresh set of rounds confirms: the same direction, large enough, its interval beyond 0, and still
 * so when the false discovery rate over all suspects is held (Benjamini and Hochberg). The rounds that raised a
 * suspicion play no part: selection by other data costs nothing, so the correction is over the suspects, not over
 * everything that was compared.
 */
export function confirmedSuspects(
  confirmation: RunPair,
  suspects: readonly Suspect[],
  policy: ComparisonPolicy,
): ReadonlySet<SideGate> {
  const confidence = stageConfidence('confirm', policy.confidence);
  const alpha = 1 - policy.confidence;
  const looks = suspects.map(({ gate }) => {
    const values = valuesOf(confirmation, gate);
    // What may not be compared confirms nothing, however small its p value.
    return reservationOf(confirmation, gate.benchmark, values) ? undefined : lookOf(gate, values, confidence);
  });
  // What several looks cost, as a factor of each p value.
  const cost = alpha / (1 - confidence);
  const adjusted = benjaminiHochberg(
    looks.map((look, i) =>
      look ? Math.min(1, cost * pInTurns(look.unit, look.base, look.head, suspects[i]!.direction)) : 1,
    ),
  );
  const confirmed = suspects.filter(({ direction }, i) => {
    const look = looks[i];
    return look !== undefined && shownChange(look) === direction && adjusted[i]! <= alpha * (1 + 1e-9);
  });
  return new Set(confirmed.map(({ gate }) => gate));
}
