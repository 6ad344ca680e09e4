import type { Report } from '@perfkeel/core';
import { plain } from '../io.ts';

/** A comparison for which nothing had to be measured: what it says, and of which benchmarks. */
export function nothingMeasuredText({ run, comparison }: Report): string {
  if (comparison === undefined) return '';
  const { verdict, comparisons, warnings, base } = comparison;
  const identical = comparisons.filter(({ decision }) => decision === 'identical').map(({ benchmark }) => benchmark);
  const lines = [
    ` ${verdict.kind.toUpperCase()}  ${run.provenance.project}  against ${base.label}: nothing had to be measured`,
    ...[...new Set(identical)].map((name) => `   ${name}: both sides execute the same`),
    ...warnings.map(({ message }) => `   ${message}`),
  ];
  return `${plain(lines.join('\n'))}\n`;
}
