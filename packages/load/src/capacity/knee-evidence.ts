import { formatQuantity, type PerSecond, type Warning } from '@perfkeel/core';
import { evidenceWarnings } from '../evidence/evidence-measurements.ts';
import type { EvidencePlan } from '../evidence/evidence-options.ts';
import type { EvidenceResult } from '../evidence/evidence-result.ts';
import type { CapacityTrial } from './capacity-result.ts';

/** What the target told of itself on one side of its capacity. */
export interface StepEvidence extends EvidenceResult {
  readonly rate: PerSecond;
}

/** What the target told where its capacity ends: in the last trial of each bound. */
export interface KneeEvidence {
  /** At the highest rate that held; absent where none did. */
  readonly below?: StepEvidence | undefined;
  /** At the lowest rate that did not; absent where all did. */
  readonly above?: StepEvidence | undefined;
}

/** Trials in a row that learnt nothing, after which nobody is asked any more: each of them may have waited for it. */
const mostSilent = 2;

/** Keeps what was told in trials, by their rates. */
export class KneeWatch {
  readonly #plan: EvidencePlan | undefined;
  readonly #held = new Map<number, StepEvidence>();
  readonly #failed = new Map<number, StepEvidence>();
  #silent = 0;
  #lastSilence: StepEvidence | undefined;

  constructor(plan: EvidencePlan | undefined) {
    this.#plan = plan;
  }

  /** Whom to ask in the next trial. */
  get plan(): EvidencePlan | undefined {
    return this.#silent < mostSilent ? this.#plan : undefined;
  }

  add({ rate, outcome }: Pick<CapacityTrial, 'rate' | 'outcome'>, told: EvidenceResult | undefined): void {
    if (told === undefined) return;
    const isSilent = told.server === undefined;
    this.#silent = isSilent ? this.#silent + 1 : 0;
    if (isSilent) this.#lastSilence = { ...told, rate };
    else if (outcome !== 'invalid') (outcome === 'good' ? this.#held : this.#failed).set(rate, { ...told, rate });
  }

  /** @returns nothing where nobody was asked; where nobody told anything, why */
  between(lower: number, upper: number): KneeEvidence | undefined {
    const [below, above] = [this.#held.get(lower), this.#failed.get(upper)];
    if (below !== undefined || above !== undefined) return { below, above };
    return this.#lastSilence && { below: this.#lastSilence };
  }
}

const idsOf = (step: StepEvidence | undefined): readonly string[] => step?.diagnoses.map(({ id }) => id) ?? [];

/** What was limiting, as remarks on the capacity. */
export function kneeWarnings({ below, above }: KneeEvidence): readonly Warning[] {
  const [step, other] = above === undefined ? [below, undefined] : [above, below];
  if (step === undefined) return [];
  const place = above === undefined ? 'the highest rate that held' : 'where it is no longer kept';
  const found = idsOf(step);
  const remarks = evidenceWarnings(step).map((remark): Warning => {
    if (!found.includes(remark.code)) return remark;
    const before = idsOf(other).includes(remark.code)
      ? `; so it was at ${formatQuantity(other!.rate, '1/s')} already`
      : '';
    return { ...remark, message: `at ${formatQuantity(step.rate, '1/s')}, ${place}: ${remark.message}${before}` };
  });
  if (found.length > 0 || step.server === undefined || above === undefined) return remarks;
  return [unexplained(above, below), ...remarks];
}

const unexplained = ({ rate }: StepEvidence, below: StepEvidence | undefined): Warning => {
  const [before] = below?.diagnoses ?? [];
  const hint = before === undefined ? '' : `; at ${formatQuantity(below!.rate, '1/s')}, ${before.evidence}`;
  return {
    code: 'limit-unexplained',
    message: `what the target tells of itself does not say what limits it at ${formatQuantity(rate, '1/s')}${hint}`,
  };
};
