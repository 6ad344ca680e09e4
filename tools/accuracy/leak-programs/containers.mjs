/**
 * Leaks into containers that grow by a factor, one program for each kind. What an iteration leaves behind is not one
 * number there: right after a step there is up to twice the room of what is in it.
 */
export const containers = {
  'array of objects': () => {
    const [kept, made] = [[], counter()];
    return () => void kept.push({ id: made() });
  },
  'array of numbers': () => {
    const [kept, made] = [[], counter()];
    return () => void kept.push(made());
  },
  'array of strings': () => {
    const [kept, made] = [[], counter()];
    return () => void kept.push(`customer ${made()}`);
  },
  'Map of objects': () => {
    const [kept, made] = [new Map(), counter()];
    return () => {
      const id = made();
      kept.set(id, { id, tags: ['new', 'paid'] });
    };
  },
  'Map of numbers': () => {
    const [kept, made] = [new Map(), counter()];
    return () => {
      const id = made();
      kept.set(id, id);
    };
  },
  'Set of objects': () => {
    const [kept, made] = [new Set(), counter()];
    return () => void kept.add({ id: made() });
  },
  'object as a dictionary': () => {
    const [kept, made] = [{}, counter()];
    return () => {
      const id = made();
      kept[`customer ${id}`] = { id };
    };
  },
};

function counter() {
  let next = 0;
  return () => next++;
}

/** Programs that do the same for each request: what an array keeps, and 8 B of it for each. */
export const pushed = 448;
export const keepingServer = () => {
  const kept = [];
  return () => `${kept.push(new Array((pushed - 48) / 8).fill(kept.length))}`;
};
/** Arrays grow by half of what they hold: on average over one such step, this much room for each that is in it. */
export const slotBytes = (8 * 1.5 * Math.log(1.5)) / 0.5;
/** Steps from one end to the other: containers double, or grow by half. */
const fewest = 2 ** 17;
const readings = 48;

/**
 * What an iteration leaves behind, by a loop of its own: the slope of a straight line (least squares) through the heap
 * after forced collections, to a drawn end, since it matters where between two steps one stops.
 */
export function truthOf(make, between) {
  // What was measured before goes, for good only with the second or the third collection.
  for (let i = 0; i < 4; i++) globalThis.gc();
  const cycle = make();
  const each = Math.round(between(fewest, 2 * fewest) / readings);
  const points = [];
  for (let i = 0; i <= readings; i++) {
    if (i > 0) for (let n = 0; n < each; n++) cycle();
    globalThis.gc();
    points.push([i * each, process.memoryUsage().heapUsed]);
  }
  const mean = (index) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const rise = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return rise / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
