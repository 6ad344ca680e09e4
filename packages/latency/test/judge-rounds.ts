import { judgeObjective, type BenchmarkPlan, type Declaration, type Judgement, type Measurement } from '@perfkeel/core';
import { roundContext } from './round-context.ts';

/** Measures some rounds in this process, one after another, and judges every objective on them. */
export async function judgeRounds(declaration: Declaration, rounds: number): Promise<readonly Judgement[]> {
  const measured: Measurement[] = [];
  for (let round = 0; round < rounds; round++) {
    const { measurements } = await declaration.instrument(roundContext({ round }));
    for (const one of measurements) measured.push({ dropped: 0, warnings: [], ...one, benchmark: 'judged', round });
  }
  const plan = { ...declaration, id: 'judged', sourceHash: '' } as BenchmarkPlan;
  return declaration.objectives.map((objective) => judgeObjective(plan, objective, measured));
}
