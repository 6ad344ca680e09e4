import type { PhaseGrowth, PhaseStep } from './phase-growth.ts';

/** What the phases of one name keep; steps of other names between them count as theirs. */
export type GrowthOf = (name: string, steps: readonly PhaseStep[]) => PhaseGrowth;

/** Phases of which the later ones give back what the earlier ones take. */
interface Group {
  readonly takers: readonly string[];
  readonly givers: readonly string[];
}

/**
 * Growth of each phase, less what other phases give back of it again and again:
 *
 *     open   +1 MB  ┐                     load    +1 MB  ┐
 *     use     0     │ open keeps nothing  answer   0     │ load keeps nothing, though the last one is still there
 *     close  -1 MB  ┘                     unload  -1 MB  ┘ (before the next load)
 *
 * A phase gives back what was taken last before it and is still there, as nested work does. This is decided of the phases
 * as a whole, by the same rule that tells a leak, and not of each step: cutting noise at zero would make growth of it.
 */
export function netGrowth(steps: readonly PhaseStep[], growthOf: GrowthOf): PhaseGrowth[] {
  const names = [...new Set(steps.map(({ name }) => name))];
  const stepsOf = (...own: readonly string[]): PhaseStep[] => steps.filter(({ name }) => own.includes(name));
  const alone = names.map((name) => growthOf(name, stepsOf(name)));
  const falls = (counted: string, ...others: readonly string[]): boolean =>
    growthOf(counted, stepsOf(counted, ...others).map(turned)).verdict === 'leak';
  const grows = ({ verdict, reason, bytes }: PhaseGrowth): boolean =>
    verdict !== 'stable' && reason !== 'short' && bytes > 0;
  const takers = alone.filter(grows).map(({ name }) => name);
  const givers = takers.length === 0 ? [] : names.filter((name) => !takers.includes(name) && falls(name));
  const all = ({ takers: own, givers: others }: Group): PhaseStep[] => stepsOf(...own, ...others);
  let groups: readonly Group[] = [];
  for (const giver of givers) {
    let group: Group = { takers: [], givers: [giver] };
    for (const taker of nearestFirst(takers, giver, names)) {
      const known = groups.find((each) => each.takers.includes(taker)) ?? { takers: [taker], givers: [] };
      // What that one takes has been given back already.
      if (known.givers.length > 0 && !grows(growthOf(taker, all(known)))) continue;
      groups = groups.filter((each) => each !== known);
      group = { takers: [...group.takers, ...known.takers], givers: [...known.givers, ...group.givers] };
      if (!falls(taker, ...group.takers, ...group.givers)) break;
    }
    groups = [...groups, group];
  }
  return alone.map((growth) => {
    const group = groups.find((each) => each.takers.includes(growth.name));
    return group === undefined ? growth : net(growth, growthOf(growth.name, all(group)), group);
  });
}

/** The same phase, if it gave back what it takes. */
const turned = ({ before, after, ...step }: PhaseStep): PhaseStep => ({ ...step, before: after, after: before });

/** Phases come in a circle: what stands behind the giver was last there in the cycle before. */
function nearestFirst(takers: readonly string[], giver: string, names: readonly string[]): readonly string[] {
  const at = names.indexOf(giver);
  const distance = (name: string): number => (at - names.indexOf(name) + names.length) % names.length;
  return takers.toSorted((a, b) => distance(a) - distance(b));
}

/** What remains of several is that of any of them. */
function net(alone: PhaseGrowth, remains: PhaseGrowth, { takers, givers }: Group): PhaseGrowth {
  const givenBackBy = givers;
  if (takers.length === 1 || remains.verdict === 'stable') return { ...remains, givenBackBy };
  const perOccurrence = { ...alone.perOccurrence, lo: 0 };
  return { ...alone, verdict: 'inconclusive', reason: 'jumps', perOccurrence, givenBackBy };
}
