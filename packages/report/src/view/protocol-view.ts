import { median } from '@perfkeel/core';
import { memberText, roundValues, type BenchmarkView } from './benchmark-view.ts';
import { variedSize } from './family-view.ts';

/** An implementation of a protocol with what was measured of it. */
export interface ProtocolRow {
  readonly implementation: string;
  /** From 1; absent when it is not ranked. */
  readonly rank?: number | undefined;
  /** Beside each column of the view; empty where it was not measured. */
  readonly cells: readonly string[];
  /** Why it is not ranked. */
  readonly unranked?: string | undefined;
}

/** All implementations of one protocol: quality beside speed, the fastest in the first timed member first. */
export interface ProtocolView {
  readonly name: string;
  readonly columns: readonly string[];
  /** The family that stands in each column. */
  readonly families: readonly string[];
  /** What ranks the rows, or why nothing does. */
  readonly order: string;
  readonly rows: readonly ProtocolRow[];
}

const ending = ' properties';

/** The protocols of a run: families of properties, and the families beside them that start with the same name. */
export function viewProtocols(benchmarks: readonly BenchmarkView[]): readonly ProtocolView[] {
  const held = benchmarks.filter(
    ({ plan }) => plan.variant?.role === 'property' && plan.variant.family.endsWith(ending),
  );
  const names = [...new Set(held.map(({ plan }) => plan.variant!.family.slice(0, -ending.length)))];
  return names.map((name) => viewProtocol(name, benchmarks)).filter(({ rows }) => rows.length > 1);
}

function viewProtocol(name: string, benchmarks: readonly BenchmarkView[]): ProtocolView {
  const members = benchmarks.filter(({ plan }) => plan.variant?.family.startsWith(`${name} `));
  const ofRole = (role: string): string[] => [
    ...new Set(members.flatMap(({ plan }) => (plan.variant!.role === role ? [plan.variant!.family] : []))),
  ];
  // Members over several sizes have a table of their own.
  const timed = ofRole('alternative').filter((family) => variedSize(inFamily(members, family)) === undefined);
  const families = [...ofRole('quality'), ...timed];
  const implementations = [...new Set(members.map(implementationOf))];
  const [rankedBy] = timed;
  const rows = implementations.map((implementation) => {
    const own = members.filter((member) => implementationOf(member) === implementation);
    const values = families.map((family) => own.find(({ plan }) => plan.variant!.family === family));
    return {
      implementation,
      unranked: whyNot(own),
      cells: values.map(cellOf),
      order: valueOf(own.find(({ plan }) => plan.variant!.family === rankedBy)) ?? Infinity,
    };
  });
  const ranked = rows.filter(({ unranked }) => unranked === undefined).sort((a, b) => a.order - b.order);
  return {
    name,
    columns: families.map((family) => family.slice(name.length + 1)),
    families,
    order: orderWords(rankedBy?.slice(name.length + 1), ofRole('alternative').length > 0),
    rows: [
      ...ranked.map(({ implementation, cells }, i) => ({
        ...{ implementation, cells },
        ...(rankedBy === undefined ? {} : { rank: i + 1 }),
      })),
      ...rows
        .filter(({ unranked }) => unranked !== undefined)
        .map(({ implementation, cells, unranked }) => ({ implementation, cells, unranked })),
    ],
  };
}

function orderWords(rankedBy: string | undefined, isTimed: boolean): string {
  if (rankedBy !== undefined) return `medians, the fastest ${rankedBy} first`;
  return isTimed ? 'timed over several sizes, see below' : 'nothing was timed';
}

const inFamily = (members: readonly BenchmarkView[], family: string): readonly BenchmarkView[] =>
  members.filter(({ plan }) => plan.variant!.family === family);

const implementationOf = ({ plan }: BenchmarkView): string =>
  String(plan.variant!.parameters['implementation'] ?? plan.id);

/** Correctness comes first: who breaks a property, or could not be held to one, has no rank. */
function whyNot(own: readonly BenchmarkView[]): string | undefined {
  const properties = own.find(({ plan }) => plan.variant!.role === 'property');
  const broken = properties?.primary && roundValues(properties.primary).some((violations) => violations > 0);
  if (broken) return 'breaks a property, see the remarks';
  if (!properties?.primary) return 'its properties were not measured';
  return undefined;
}

function valueOf(view: BenchmarkView | undefined): number | undefined {
  if (!view?.primary) return undefined;
  if (view.primary.pooled) return view.primary.pooled.quantile(0.5);
  const values = roundValues(view.primary);
  return values.length === 0 ? undefined : median(values);
}

function cellOf(view: BenchmarkView | undefined): string {
  const value = valueOf(view);
  return value === undefined ? '' : memberText({ benchmark: view!, value }, view!.primary!);
}
