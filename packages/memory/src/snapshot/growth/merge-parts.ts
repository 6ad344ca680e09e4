import type { GrowthGroup } from './attribution.ts';

/** An object with more growing parts than this is one that is used as a table. */
const mostParts = 8;

/** Joins the parts of objects that are used as tables: each entry has a name of its own, and none grows. */
export function mergeParts(groups: readonly GrowthGroup[]): GrowthGroup[] {
  const byNode = grouped(groups);
  return [...byNode.values()].flatMap((parts) => {
    if (parts.length <= mostParts || nodeOf(parts[0]!) === 0) return parts;
    return [parts.reduce(joined)];
  });
}

const nodeOf = ({ holder }: GrowthGroup): number => holder.node;

function grouped(groups: readonly GrowthGroup[]): Map<number, GrowthGroup[]> {
  const byNode = new Map<number, GrowthGroup[]>();
  for (const group of groups) {
    const parts = byNode.get(group.holder.node);
    if (parts === undefined) byNode.set(group.holder.node, [group]);
    else parts.push(group);
  }
  return byNode;
}

function joined(a: GrowthGroup, b: GrowthGroup): GrowthGroup {
  const classes = new Map(a.classes);
  for (const [name, entry] of b.classes) {
    const known = classes.get(name);
    const both = known && {
      name,
      count: known.count + entry.count,
      bytes: known.bytes + entry.bytes,
      depth: Math.min(known.depth, entry.depth),
    };
    classes.set(name, both ?? entry);
  }
  const add = (x: readonly number[], y: readonly number[]): number[] => x.map((value, i) => value + y[i]!);
  return {
    holder: { node: a.holder.node, part: undefined },
    bytes: add(a.bytes, b.bytes),
    objects: add(a.objects, b.objects),
    classes,
  };
}
