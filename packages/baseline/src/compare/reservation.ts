import { notValid, otherBenchmark, otherEnvironment, otherInput, shortRun, type Reservation } from './comparability.ts';
import type { GateValues, RunPair } from './side-gates.ts';

/** Why the numbers of a benchmark may not be held against each other, if so. Counts need not be of one machine. */
export function reservationOf({ base, head }: RunPair, benchmark: string, sides: GateValues): Reservation | undefined {
  const independent = sides.base.machineIndependent && sides.head.machineIndependent;
  return (
    shortRun(base, head) ??
    otherBenchmark(base, head, benchmark) ??
    otherInput(base, head, benchmark) ??
    notValid(base, head, benchmark) ??
    (independent ? undefined : otherEnvironment(base, head))
  );
}
