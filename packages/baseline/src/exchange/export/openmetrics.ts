import type { Run, Unit } from '@perfkeel/core';
import { runValues, type ExportOptions, type RunValue } from './run-values.ts';

/** Prometheus counts in seconds and bytes; of `1/s` and `count` it has no unit. */
const suffixes: Readonly<Record<Unit, readonly [unit: string, scale: number]>> = {
  ns: ['seconds', 1e-9],
  B: ['bytes', 1],
  'B/op': ['bytes_per_operation', 1],
  'B/s': ['bytes_per_second', 1],
  '1/s': ['per_second', 1],
  ratio: ['ratio', 1],
  count: ['', 1],
};

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

const labels = (pairs: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(pairs)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}="${escaped(value)}"`]))
    .join(',');

function familyOf({ metric }: RunValue): { readonly name: string; readonly unit: string; readonly scale: number } {
  const [unit, scale] = suffixes[metric.unit];
  const bare = `perfkeel_${metric.id.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`.replace(/_+$/, '');
  const name = unit === '' || bare.endsWith(`_${unit}`) ? bare : `${bare}_${unit}`;
  return { name, unit, scale };
}

/** `1e-9 * 3` is not 3e-9: fifteen digits hide the difference. */
const numberText = (value: number): string => String(Number(value.toPrecision(15)));

/**
 * OpenMetrics 1.0 text: one gauge family for each metric, seconds and bytes, with project, benchmark, statistic and
 * commit as labels. The moment of the run is left out: what scrapes a file gives it the moment of the scrape.
 */
export function openMetrics(run: Run, options: ExportOptions): string {
  const { project, sha } = run.provenance;
  const families = new Map<string, { unit: string; lines: string[] }>();
  for (const value of runValues(run, options)) {
    const { name, unit, scale } = familyOf(value);
    const family = families.get(name) ?? { unit, lines: [] };
    families.set(name, family);
    const { benchmark, group, statistic } = value;
    const text = labels({ project, benchmark, group, statistic, commit: sha });
    family.lines.push(`${name}{${text}} ${numberText(value.value * scale)}`);
  }
  const blocks = [...families].map(([name, { unit, lines }]) =>
    [`# TYPE ${name} gauge`, ...(unit === '' ? [] : [`# UNIT ${name} ${unit}`]), ...lines].join('\n'),
  );
  return `${[...blocks, '# EOF'].join('\n')}\n`;
}
