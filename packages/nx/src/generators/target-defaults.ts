import type { NxJsonConfiguration, TargetConfiguration } from '@nx/devkit';
import { measuringDefaults } from '../perf-target.ts';

type TargetDefault = NonNullable<NxJsonConfiguration['targetDefaults']>[string];

/**
 * Adds what a measurement needs to the defaults of the target, and keeps everything that the workspace says itself.
 * Since Nx 23 the value may be a list, whose entries without `filter` hold everywhere and whose later entries win.
 */
export function withMeasuringDefaults(nxJson: NxJsonConfiguration, targetName: string): NxJsonConfiguration {
  const present = nxJson.targetDefaults?.[targetName];
  return { ...nxJson, targetDefaults: { ...nxJson.targetDefaults, [targetName]: completed(present) } };
}

function completed(present: TargetDefault | undefined): TargetDefault {
  if (!Array.isArray(present)) return withMissing(present);
  const [first, ...others] = present;
  return first !== undefined && first.filter === undefined
    ? [withMissing(first), ...others]
    : [withMissing(undefined), ...present];
}

/** What is there first and last: its order and its values stay, and only what it lacks is appended. */
const withMissing = (present: TargetConfiguration | undefined): Partial<TargetConfiguration> & { filter?: never } => ({
  ...present,
  ...measuringDefaults,
  dependsOn: [...measuringDefaults.dependsOn],
  ...present,
});
