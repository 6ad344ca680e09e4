import { median } from '@perfkeel/core';
import { writeKey } from '../store/index/series-key.ts';
import type { EarlierVersion, HistorySeries } from './history-series.ts';

/** Runs that say where a version was. */
const newestRuns = 8;

/**
 * Relates series that differ only in what their benchmark did. Each version stays a series of its own, so that other work
 * is never a change of the code; the newest says what was before it, the others that they have ended. Runs that do not know
 * their version belong to the first one that is known.
 *
 * @returns by name, newest version first
 */
export function joinVersions(all: readonly HistorySeries[]): HistorySeries[] {
  const families = new Map<string, HistorySeries[]>();
  for (const series of all) {
    const name = writeKey({ ...series.key, version: '' });
    families.set(name, [...(families.get(name) ?? []), series]);
  }
  return [...families]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, versions]) => related(withoutUnknown([...versions].sort(newestFirst))));
}

const endOf = ({ points }: HistorySeries): number => Date.parse(points.at(-1)?.at ?? '');
const startOf = ({ points }: HistorySeries): number => Date.parse(points[0]?.at ?? '');
const newestFirst = (a: HistorySeries, b: HistorySeries): number => endOf(b) - endOf(a);

function withoutUnknown(versions: readonly HistorySeries[]): readonly HistorySeries[] {
  const unknown = versions.find(({ key }) => key.version === '');
  const known = versions.filter(({ key }) => key.version !== '');
  const [first] = [...known].sort((a, b) => startOf(a) - startOf(b));
  if (!unknown || !first) return versions;
  const points = [...unknown.points, ...first.points].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return known.map((each) => (each === first ? { ...first, points } : each)).sort(newestFirst);
}

function related([newest, ...others]: readonly HistorySeries[]): HistorySeries[] {
  if (!newest || others.length === 0) return newest ? [newest] : [];
  return [
    { ...newest, earlier: others.map(earlierVersion) },
    ...others.map((series) => ({ ...series, limits: [], ended: true as const })),
  ];
}

function earlierVersion({ key, points }: HistorySeries): EarlierVersion {
  const { run, at, sha } = points.at(-1)!;
  const value = median(points.slice(-newestRuns).map((point) => point.value));
  const place = sha === undefined ? {} : { sha };
  return { version: key.version, runs: points.length, run, at, ...place, value };
}
