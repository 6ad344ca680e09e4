import type { Report } from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { objectiveRows } from '../view/objective-row.ts';
import { withoutCount } from '../view/remarks.ts';
import { adviceFor, type AdviceByRow } from './objective-advice.ts';

const keyOf = (benchmark: string, message: string): string => JSON.stringify([benchmark, withoutCount(message)]);

/** Tells remarks that stand under an objective already: as why it is open, or why it was missed. */
export function saidRemarks({ run }: Report, advice: AdviceByRow): (benchmark: string, message: string) => boolean {
  const said = new Set(
    objectiveRows(viewBenchmarks(run)).flatMap((row) =>
      [row.note, adviceFor(advice, row).evidence]
        .filter((text) => text !== undefined)
        .map((text) => keyOf(row.benchmark, text)),
    ),
  );
  return (benchmark, message) => said.has(keyOf(benchmark, message));
}
