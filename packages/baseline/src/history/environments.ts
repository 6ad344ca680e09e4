import type { RunPlace } from './history-series.ts';
import { environmentDifference } from './cause.ts';

/** A time during which runs were measured in one environment. */
export interface EnvironmentEra {
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly runs: number;
  /** What differs from the era before; absent in the first. */
  readonly became?: string | undefined;
}

/**
 * The environments of a project's runs, oldest first. A run in another environment class begins series of its own, so that
 * a new machine is no change of code; an era says that this happened. Runs of several machines in turns make one era each.
 */
export function environmentEras(places: readonly RunPlace[]): EnvironmentEra[] {
  const eras = new Map<string, RunPlace[]>();
  for (const place of places) {
    const { class: name } = place.environment;
    const era = eras.get(name);
    if (era === undefined) eras.set(name, [place]);
    else era.push(place);
  }
  const ordered = [...eras.entries()];
  return ordered.map(([environment, runs], i) => {
    const previous = ordered[i - 1]?.[1].at(-1);
    const became = previous && environmentDifference(previous.environment, runs[0]!.environment);
    return {
      environment,
      from: runs[0]!.run,
      to: runs.at(-1)!.run,
      runs: runs.length,
      ...(became === undefined ? {} : { became }),
    };
  });
}
