import { PerfError, createRng, describeValue, deriveSeed, messageOf, type Warning } from '@perfkeel/core';
import type { Contract, NamedImplementation, Property } from './contract.ts';
import { Stage } from './stage.ts';

/** A property that does not hold. */
export interface Violation {
  readonly property: string;
  /** The counterexample, as far as the property tells one. */
  readonly message: string;
}

/** `"no chunk is empty" does not hold: chunk 3 is` */
export const describeViolation = ({ property, message }: Violation): string =>
  `${JSON.stringify(property)} does not hold: ${message}`;

/** Whether measurements of other things say too whether properties hold. */
export const triedBeside = <T, F>({ properties }: Contract<T, F>): boolean => properties.some(({ costly }) => !costly);

/** What became of the properties of one implementation. */
export interface Trial {
  readonly violations: readonly Violation[];
  readonly warnings: readonly Warning[];
}

export interface TrialOptions {
  readonly short: boolean;
  /** Costly ones too. */
  readonly all: boolean;
  /** The identity of the data that were measured. */
  readonly identity?: string | undefined;
}

/**
 * Tries the properties of a contract on one implementation: on new data, each on a new object.
 *
 * @throws whatever `create` and `dispose` throw; PerfError `fixture-not-seeded` when the data differ from those before
 */
export async function holdProperties<T, F>(
  contract: Contract<T, F>,
  implementation: NamedImplementation<T, F>,
  { short, all, identity }: TrialOptions,
): Promise<Trial> {
  const properties = contract.properties.filter(({ costly }) => all || !costly);
  const violations: Violation[] = [];
  const warnings: Warning[] = [];
  let stage = new Stage(contract, implementation);
  if (properties.length > 0) await openAlike(stage, short, identity);
  for (const property of properties) {
    const message = await counterexample(
      property,
      stage,
      deriveSeed(contract.seed, contract.properties.indexOf(property)),
    );
    if (message !== undefined) violations.push({ property: property.name, message });
    if (!(await stage.isChanged())) continue;
    warnings.push(fixtureChanged(`trying ${JSON.stringify(property.name)}`));
    stage = new Stage(contract, implementation);
    await openAlike(stage, short, identity);
  }
  return { violations, warnings };
}

/** Work on changed data is other work. */
export const fixtureChanged = (what: string): Warning => ({
  code: 'fixture-changed',
  message: `${what} changed the fixture: what came later worked on other data than what came first`,
});

async function openAlike<T, F>(stage: Stage<T, F>, short: boolean, identity: string | undefined): Promise<void> {
  await stage.open(short);
  if (identity === undefined || (await stage.identity()) === identity) return;
  const { name, location } = stage.contract;
  throw new PerfError(`the fixture of ${name} is another one each time that it is made`, {
    code: 'fixture-not-seeded',
    hint: 'Take every random number from `rng`, and no time or date: numbers of different data do not compare.',
    location,
    excerpt: 'fixture',
  });
}

/** In words, why a property does not hold; `undefined` when it does. */
async function counterexample<T, F>(
  property: Property<T, F>,
  stage: Stage<T, F>,
  seed: number,
): Promise<string | undefined> {
  const context = await stage.context();
  let outcome: unknown;
  try {
    outcome = await property.holds({ ...context, rng: createRng(seed) });
  } catch (error) {
    outcome = `it throws: ${messageOf(error)}`;
  }
  await stage.close();
  return describeOutcome(outcome);
}

const longestMessage = 300;

function describeOutcome(outcome: unknown): string | undefined {
  if (outcome === true) return undefined;
  if (outcome === false) return 'no counterexample was given';
  if (typeof outcome !== 'string') return `it gave ${describeValue(outcome)} and not true, false or a counterexample`;
  return outcome.length > longestMessage ? `${outcome.slice(0, longestMessage)}…` : outcome;
}
