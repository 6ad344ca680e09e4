import type { Report } from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { objectiveRows } from '../view/objective-row.ts';
import { withoutCount, type Remark } from '../view/remarks.ts';
import { adviceFor, type AdviceByRow } from './objective-advice.ts';

/** Finds the remarks of single benchmarks that stand under an objective already: as why it is open, or why it was missed. */
export function saidRemarks({ run }: Report, advice: AdviceByRow): (remark: Remark) => boolean {
  const said = new Set(
    objectiveRows(viewBenchmarks(run)).flatMap((row) =>
      [row.note, adviceFor(advice, row).evidence]
        .filter((text) => text !== undefined)
        .map((text) => JSON.stringify([row.benchmark, withoutCount(text)])),
    ),
  );
  return ({ message, about }) => about.length === 1 && said.has(JSON.stringify([about[0], withoutCount(message)]));
}
