import { declare, metrics, type Declaration, type RoundContext, type RoundResult } from '@perfkeel/core';
import { describeViolation, holdProperties } from './hold-properties.ts';
import type { Stage } from './stage.ts';
import { violationsObjective } from './violations-objective.ts';

/** Declares the properties of one implementation, as one benchmark without times. */
export function declareProperties<T, F>(stage: Stage<T, F>): Declaration {
  const { implementation } = stage;
  return declare({
    ...propertiesOf(stage),
    objectives: [violationsObjective],
    expected: implementation.expected,
    instrument: (context) => measureProperties(stage, context),
  });
}

/** Declares, in the place of everything else, why an implementation is not measured. */
export function declareSkipped<T, F>(stage: Stage<T, F>, reason: string): Declaration {
  const { name } = stage.implementation;
  return declare({
    ...propertiesOf(stage),
    objectives: [],
    expected: undefined,
    instrument: () =>
      Promise.resolve({
        measurements: [
          {
            metric: metrics.violations.id,
            data: { kind: 'count', events: 0, trials: 0 },
            warnings: [{ code: 'skipped', message: `${name} was skipped: ${reason}` }],
          },
        ],
      }),
  });
}

function propertiesOf<T, F>({ contract, implementation }: Stage<T, F>): Omit<Declaration, 'instrument' | 'objectives'> {
  const family = `${contract.name} properties`;
  return {
    name: `${family} [${implementation.name}]`,
    kind: 'property',
    metrics: [metrics.violations],
    primary: metrics.violations.id,
    quantiles: false,
    rounds: 1,
    group: family,
    variant: { family, parameters: { implementation: implementation.name }, role: 'property' },
    tags: contract.tags,
    location: contract.location,
  };
}

async function measureProperties<T, F>(stage: Stage<T, F>, { short }: RoundContext): Promise<RoundResult> {
  const { contract, implementation } = stage;
  // Made once more than needed, which finds out whether it is the same each time.
  await stage.open(short);
  const identity = await stage.identity();
  const { violations, warnings } = await holdProperties(contract, implementation, { short, all: true, identity });
  return {
    measurements: [
      {
        metric: metrics.violations.id,
        data: { kind: 'exact', value: violations.length },
        warnings: violations.map((one) => ({ code: 'property-violated', message: describeViolation(one) })),
      },
    ],
    warnings,
    ...(identity === undefined ? {} : { input: identity }),
  };
}
