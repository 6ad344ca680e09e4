import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memlabRetainedSizes } from '../memlab/retained-sizes.ts';
import { biggestRetainers } from './biggest-retainers.ts';
import { heapClasses } from './classes.ts';
import { diffGrowth } from './diff-growth.ts';
import { openSnapshot } from './open-snapshot.ts';
import type { GrowthFinding } from './growth/growth-finding.ts';

const run = promisify(execFile);
const fixture = (name: string): string => fileURLToPath(new URL(`../../test/heap/fixtures/${name}`, import.meta.url));
const iterations = 300;
let folder: string;
const file = (set: string, name: string): string => join(folder, set, `${name}.heapsnapshot`);
const files = (set: string): string[] => ['a', 'b', 'c'].map((name) => file(set, name));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perfkeel-growth-'));
  await Promise.all(
    ['leaking', 'clean'].map(async (set) => {
      await mkdir(join(folder, set));
      await run(process.execPath, [fixture('grow.mjs'), set, join(folder, set), String(iterations)]);
    }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('diffGrowth on every shape of leak at once', () => {
  let findings: GrowthFinding[];
  beforeAll(async () => {
    findings = await diffGrowth(files('leaking'), { iterationsBetween: iterations });
  });
  const where = 'module packages/memory/test/heap/fixtures/leaking.mjs';

  // Container, expression, class kept, objects per iteration.
  const leaks: [string, string, string, string | undefined, number][] = [
    ['a growing array', 'Array', 'sessions', 'Session', 1],
    ['a cache without bound', 'Map', 'cache', 'Object', 1],
    ['an object with a key for each', 'Object with a key for each', 'byName', 'Object', 1],
    ['an event listener', "EventEmitter.listeners 'data' of Bus", 'bus', 'closure', 1],
    ['an AbortSignal', 'EventTarget listeners of AbortSignal', 'controller.#signal', 'Listener', 1],
    ['a promise that never settles', 'reactions of a Promise that does not settle', 'gate', 'closure', 1],
    ['pending promises', 'Set', 'waiting', 'Promise', 1],
    ['a subscription', 'Map', 'topic.subscribers', 'closure', 1],
    ['a chain of closures', 'chain', 'undo', 'closure undo', 1],
    ['a linked list, at its head', 'chain', 'newest', 'Object', 1],
    ['a linked list, at its tail', 'chain', 'log.first.next', 'Object', 1],
    ['numbers in an array', 'Array', 'numbers', undefined, 0],
  ];
  it.each(leaks)('%s', (_, container, at, kept, rate) => {
    const finding = findings.find((candidate) => candidate.at === at);
    expect(finding).toMatchObject({ container, keeper: where });
    expect(finding!.classes[0]?.name).toBe(kept);
    expect(Math.abs(finding!.objectsPerIteration - rate)).toBeLessThan(0.05);
    expect(finding!.sentence).toContain(`${container} (${at}), kept by ${where}: `);
  });

  it('a timer, and connections: by what the process holds them', () => {
    const held = findings.filter(({ at }) => at === '').map(({ container, classes }) => [container, classes[0]?.name]);
    expect(held).toEqual(
      expect.arrayContaining([
        ['timers (setTimeout, setInterval)', 'Timeout'],
        ['open handles (TCPSocket)', 'TCP'],
      ]),
    );
  });

  it('nothing else', () => {
    expect(findings.map(({ sentence }) => sentence)).toHaveLength(leaks.length + 2);
  });

  it('of an object of one number and its slot, 28 to 44 bytes', () => {
    const { bytesPerIteration, steady } = findings.find(({ at }) => at === 'sessions')!;
    expect(bytesPerIteration).toBeGreaterThan(28);
    expect(bytesPerIteration).toBeLessThan(44);
    expect(steady).toBeGreaterThan(0.95);
  });

  it('with two snapshots, without a steadiness', async () => {
    const two = await diffGrowth(files('leaking').slice(0, 2), { iterationsBetween: iterations, per: 'request' });
    const cache = two.find(({ at }) => at === 'cache');
    expect(cache).toMatchObject({ container: 'Map', steady: undefined });
    expect(cache!.sentence).toMatch(/\+1 Object, \d+(\.\d+)? B per request$/);
  });
});

describe('diffGrowth', () => {
  it('finds nothing in work that keeps nothing', async () => {
    const findings = await diffGrowth(files('clean'), { iterationsBetween: iterations });
    expect(findings.map(({ sentence }) => sentence)).toEqual([]);
  });

  it('refuses snapshots in another order, and of another process', async () => {
    const [a, b] = files('leaking');
    const refusal = { code: 'not-one-process', exitCode: 2 };
    await expect(diffGrowth([b!, a!], { iterationsBetween: 1 })).rejects.toMatchObject(refusal);
    const others = [files('clean')[0]!, files('leaking')[2]!];
    await expect(diffGrowth(others, { iterationsBetween: 1 })).rejects.toMatchObject(refusal);
  });

  it.each([
    ['one file', ['a'], 1],
    ['no iterations', ['a', 'b'], 0],
    ['iterations that are no number', ['a', 'b'], NaN],
  ])('refuses %s', async (_, names, iterationsBetween) => {
    await expect(diffGrowth(names, { iterationsBetween })).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
  });
});

describe('openSnapshot', { timeout: 120_000 }, () => {
  it('agrees with memlab on the retained sizes of a real heap', async () => {
    const [{ sizes }, graph] = await Promise.all([
      memlabRetainedSizes(file('leaking', 'c')),
      openSnapshot(file('leaking', 'c')),
    ]);
    const nodes = Array.from({ length: graph.nodeCount }, (_, node) => node);
    expect(sizes.size).toBe(graph.nodeCount);
    const apart = nodes.filter((node) => !(Math.abs(sizes.get(graph.id(node))! - graph.retainedSize(node)) <= 1000));
    // Values of WeakMaps, which memlab gives to key and map together.
    expect(apart.length).toBeLessThanOrEqual(Math.ceil(0.0001 * graph.nodeCount));
  });

  it('lists classes and the objects that keep most', async () => {
    const graph = await openSnapshot(file('leaking', 'c'));
    const sessions = heapClasses(graph).find(({ name }) => name === 'Session');
    expect(sessions).toMatchObject({ count: 4 * iterations });
    expect(sessions!.retainedSize).toBeGreaterThanOrEqual(sessions!.selfSize);
    const top = biggestRetainers(graph, 15);
    expect(top).toContainEqual(expect.objectContaining({ name: 'Map', at: 'cache' }));
    expect(top).toEqual([...top].sort((x, y) => y.retainedSize - x.retainedSize));
  });
});
