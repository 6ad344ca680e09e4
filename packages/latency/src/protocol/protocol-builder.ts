import {
  badOption,
  callSite,
  describeValue,
  locating,
  membersOf,
  usageError,
  type Declaration,
  type Over,
  type PerfError,
  type SourceLocation,
} from '@perfkeel/core';
import { functionOption } from '../options.ts';
import type { Contract, Create, FixtureContext, Implementation, Property, SubjectContext } from './contract.ts';
import { declareMember } from './declare-member.ts';
import { declareProperties, declareSkipped } from './declare-properties.ts';
import { holdProperties, type Violation } from './hold-properties.ts';
import { readImplementations, type Implementations } from './implementations.ts';
import type { Member } from './member.ts';
import type { MemberContext, PropertyOptions, Protocol, ScalingContext } from './protocol-type.ts';
import { qualityMember, type QualityOptions } from './quality-member.ts';
import { Stage } from './stage.ts';
import {
  benchMember,
  checkTimed,
  latencyMember,
  type ProtocolBenchOptions,
  type ProtocolLatencyOptions,
} from './timed-member.ts';

type Site = SourceLocation | undefined;

/** Collects a contract, and declares it for its implementations. */
export class ProtocolBuilder<T, F> implements Protocol<T, F> {
  readonly #base: Omit<Contract<T, F>, 'properties' | 'makeFixture'>;
  readonly #properties: Property<T, F>[] = [];
  readonly #members: Member<T, F>[] = [];
  readonly #names = new Set<string>(['properties']);
  #makeFixture: Contract<T, F>['makeFixture'];
  #closed = false;

  constructor(base: Omit<Contract<T, F>, 'properties' | 'makeFixture'>) {
    this.#base = base;
  }

  fixture<G>(make: (context: FixtureContext) => G | Promise<G>): Protocol<T, G> {
    return locating(this.#site('fixture'), () => {
      functionOption('fixture', make, true);
      if (this.#makeFixture !== undefined || this.#names.size > 1 || this.#properties.length > 0) {
        throw misplaced(
          'the fixture comes once, and before everything that works on it',
          'Move .fixture up.',
          'fixture',
        );
      }
      const other = this as unknown as ProtocolBuilder<T, G>;
      other.#makeFixture = make;
      return other;
    });
  }

  property(name: string, holds: Property<T, F>['holds'], options: PropertyOptions = {}): this {
    return locating(this.#site('property'), () => {
      this.#take(
        name,
        'property',
        this.#properties.map((property) => property.name),
      );
      functionOption('holds', holds, true);
      this.#properties.push({ name, holds, costly: readCostly(name, options) });
      return this;
    });
  }

  quality<const Name extends string>(name: Name, options: QualityOptions<T, F, NoInfer<Name>>): this {
    const location = this.#site('quality');
    return this.#add(location, name, 'quality', () => [qualityMember<T, F>({ name, location }, options)]);
  }

  bench<State>(name: string, options: ProtocolBenchOptions<SubjectContext<T, F>, State>): this {
    const location = this.#site('bench');
    return this.#add(location, name, 'bench', () => {
      checkTimed('bench', name, options);
      return [benchMember<T, F, SubjectContext<T, F>, State>({ name, location, parameters: {} }, options)];
    });
  }

  latency<State>(name: string, options: ProtocolLatencyOptions<SubjectContext<T, F>, State>): this {
    const location = this.#site('latency');
    return this.#add(location, name, 'latency', () => {
      checkTimed('latency', name, options);
      return [latencyMember<T, F, SubjectContext<T, F>, State>({ name, location, parameters: {} }, options)];
    });
  }

  scaling<const O extends Over, State>(
    name: string,
    options: ProtocolBenchOptions<ScalingContext<T, F, O>, State> & { readonly over: O },
  ): this {
    const location = this.#site('scaling');
    return this.#add(location, name, 'scaling', () => {
      checkTimed('scaling', name, options);
      const { over, ...rest } = options;
      return parametersIn(name, over).map((parameters) =>
        benchMember<T, F, ScalingContext<T, F, O>, State>({ name, location, parameters }, rest),
      );
    });
  }

  member(name: string, declare: (context: MemberContext<T, F>) => Declaration | readonly Declaration[]): this {
    const location = this.#site('member');
    return this.#add(location, name, 'member', () => {
      functionOption('declare', declare, true);
      return [
        {
          name,
          location,
          parameters: {},
          role: 'alternative',
          declare: (fullName, { create, dispose, fixture }) => declare({ name: fullName, create, dispose, fixture }),
        },
      ];
    });
  }

  implementedBy(implementations: Implementations<T, F>): readonly Declaration[] {
    return locating(this.#site('implementedBy'), () => {
      const contract = this.#contract();
      if (this.#members.length + this.#properties.length === 0) {
        throw misplaced(
          `${contract.name} has no members`,
          'Declare what to measure before implementedBy: .bench(…).',
          'implementedBy',
        );
      }
      const named = readImplementations(contract, implementations);
      this.#closed = true;
      return named.flatMap((implementation) => this.#declare(new Stage(contract, implementation)));
    });
  }

  async violationsOf(implementation: Create<T, F> | Implementation<T, F>): Promise<readonly Violation[]> {
    const contract = this.#contract();
    const [named] = locating(this.#site('violationsOf'), () => readImplementations(contract, { implementation }));
    return (await holdProperties(contract, named!, { short: false, all: true })).violations;
  }

  /** Where the user called one of the methods. */
  #site(method: keyof Protocol<T, F>): Site {
    return callSite(Reflect.get(this, method));
  }

  #contract(): Contract<T, F> {
    return { ...this.#base, makeFixture: this.#makeFixture, properties: [...this.#properties] };
  }

  #declare(stage: Stage<T, F>): readonly Declaration[] {
    const { skip, expected } = stage.implementation;
    if (skip !== undefined) return [declareSkipped(stage, skip)];
    const properties = this.#properties.length > 0 ? [declareProperties(stage)] : [];
    if (expected === 'fail') return properties;
    const { contract, implementation } = stage;
    // Each has a stage of its own: a declaration must not depend on what another one left behind.
    return [
      ...properties,
      ...this.#members.flatMap((member) => declareMember(member, new Stage(contract, implementation))),
    ];
  }

  #add(location: Site, name: string, kind: string, make: () => readonly Member<T, F>[]): this {
    return locating(location, () => {
      this.#take(name, kind, [...this.#names]);
      this.#members.push(...make());
      this.#names.add(name);
      return this;
    });
  }

  #take(name: string, kind: string, taken: readonly string[]): void {
    if (typeof name !== 'string' || name.trim() === '') {
      throw misplaced(
        `a ${kind} needs a name, and this is ${describeValue(name)}`,
        `Write .${kind}('search', …).`,
        kind,
      );
    }
    if (this.#closed) {
      throw misplaced(
        `${JSON.stringify(name)} comes after implementedBy, and would not be measured`,
        'Move implementedBy to the end.',
        name,
      );
    }
    if (taken.includes(name)) {
      throw misplaced(`two members of ${this.#base.name} are called ${JSON.stringify(name)}`, 'Rename one.', name);
    }
  }
}

function readCostly(name: string, options: PropertyOptions): boolean {
  const { costly = false, ...others } = options;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) {
    throw misplaced(`property(${JSON.stringify(name)}) has no option "${stranger}"`, 'It has costly.', stranger);
  }
  if (typeof costly === 'boolean') return costly;
  throw badOption('costly', costly, 'true or false', 'Write costly: true.');
}

function parametersIn(name: string, over: Over): readonly Member<never, never>['parameters'][] {
  if (typeof over === 'object' && over !== null && 'implementation' in over) {
    throw badOption('over', 'implementation', 'another name', 'The implementation is a parameter of its own.');
  }
  return membersOf(name, over).map(({ variant }) => variant.parameters);
}

const misplaced = (message: string, hint: string, excerpt: string): PerfError =>
  usageError(message, { code: 'bad-protocol', hint, excerpt });
