import {
  declare,
  defaultErrorObjective,
  fewErrorObjective,
  metrics,
  type Declaration,
  type ParameterValue,
  type RoundContext,
  type RoundMeasurement,
  type RoundResult,
  type Warning,
} from '@perfkeel/core';
import { declaredBy } from './declared-by.ts';
import {
  describeViolation,
  fixtureChanged,
  holdProperties,
  triedBeside,
  type Trial,
  type Violation,
} from './hold-properties.ts';
import type { Member } from './member.ts';
import type { Stage } from './stage.ts';
import { violationsObjective } from './violations-objective.ts';

/** Declares one member of one implementation, under its name in the protocol. */
export function declareMember<T, F>(member: Member<T, F>, stage: Stage<T, F>): readonly Declaration[] {
  const family = `${stage.contract.name} ${member.name}`;
  return declaredBy(() => member.declare(family, stage)).map((made) => declare(asMember(made, family, member, stage)));
}

function asMember<T, F>(
  made: Declaration,
  family: string,
  { role, parameters, location }: Member<T, F>,
  stage: Stage<T, F>,
): Declaration {
  const { contract, implementation } = stage;
  const all = { implementation: implementation.name, ...parameters, ...made.variant?.parameters };
  return {
    ...made,
    ...(triedBeside(contract) ? guarded(made) : {}),
    name: memberName(family, all),
    group: made.group ?? family,
    // Growth is nothing for all that do not leak: an order of nothing would be chance.
    variant: { family, parameters: all, role: made.primary === metrics.growth.id ? undefined : role },
    tags: [...contract.tags, ...made.tags],
    location: location ?? made.location,
    instrument: (context) => measureMember(made, stage, context),
  };
}

/** `VectorStore index [orama, size=1000]` */
function memberName(family: string, { implementation, ...rest }: Record<string, ParameterValue>): string {
  const others = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`);
  return `${family} [${[String(implementation), ...others].join(', ')}]`;
}

/**
 * Whoever measures one member alone must still see that the implementation is wrong. Objectives of the member see it by
 * the ban on spoilt numbers; without any of its own, and unless it must fail by what it says itself, it gets one.
 */
function guarded({ metrics: own, objectives, expected }: Declaration): Pick<Declaration, 'metrics' | 'objectives'> {
  const promises = objectives.some((one) => one !== defaultErrorObjective && one !== fewErrorObjective);
  return {
    metrics: own.some(({ id }) => id === metrics.violations.id) ? own : [...own, metrics.violations],
    objectives: promises || expected === 'fail' ? objectives : [...objectives, violationsObjective],
  };
}

/**
 * The measurement first, and the properties behind it: trying them would show the engine other uses of the code than the
 * measured one.
 */
async function measureMember<T, F>(made: Declaration, stage: Stage<T, F>, context: RoundContext): Promise<RoundResult> {
  const { contract, implementation } = stage;
  await stage.open(context.short);
  const result = await measureAndClose(made, stage, context);
  const changed = (await stage.isChanged()) ? [fixtureChanged(implementation.name)] : [];
  const identity = await stage.identity();
  const trial = await holdProperties(contract, implementation, { short: context.short, all: false, identity });
  return {
    ...result,
    measurements: triedBeside(contract) ? withTrial(result.measurements, trial) : result.measurements,
    warnings: [...(result.warnings ?? []), ...changed, ...trial.warnings],
    ...(identity === undefined ? {} : { input: result.input === undefined ? identity : `${result.input} ${identity}` }),
  };
}

async function measureAndClose<T, F>(
  made: Declaration,
  stage: Stage<T, F>,
  context: RoundContext,
): Promise<RoundResult> {
  let result: RoundResult;
  try {
    result = await made.instrument(context);
  } catch (error) {
    // The first error is the one to tell.
    await stage.close().catch(() => undefined);
    throw error;
  }
  await stage.close();
  return result;
}

function withTrial(measured: readonly RoundMeasurement[], { violations }: Trial): readonly RoundMeasurement[] {
  const spoilt = violations.length === 0 ? [] : [doneWrong(violations)];
  return [
    ...measured.map((one) => ({ ...one, warnings: [...(one.warnings ?? []), ...spoilt] })),
    { metric: metrics.violations.id, data: { kind: 'exact', value: violations.length } },
  ];
}

/** Numbers of work that is done wrong win nothing and keep no promise. */
const doneWrong = (violations: readonly Violation[]): Warning => ({
  code: 'contract-broken',
  message: `measured on work that is done wrong: ${violations.map(describeViolation).join('; ')}`,
  forbids: 'verdict',
});
