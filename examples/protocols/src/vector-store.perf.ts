import { leak, protocol } from 'perfkeel';
import {
  BruteForce,
  cosine,
  dimensions,
  openOrama,
  openUsearch,
  thinGraph,
  usualGraph,
  type VectorStore,
} from './vector-stores.ts';

type Rng = () => number;

// A package that need not be there. With `.catch` behind it, a bundle is made without it too.
const usearch = await import('usearch').catch(() => undefined);
const skip = usearch ? undefined : 'the optional package usearch is not installed, or not made for this machine';

/** A direction near another one: real vectors come in clusters, evenly spread ones would be too easy to tell apart. */
function near(centre: Float32Array | undefined, rng: Rng): Float32Array {
  const raw = Float32Array.from({ length: dimensions }, (_, i) => rng() - 0.5 + (centre ? 3 * centre[i]! : 0));
  const length = Math.hypot(...raw);
  return raw.map((x) => x / length);
}

function makeVectors(count: number, rng: Rng) {
  const centres = Array.from({ length: 20 }, () => near(undefined, rng));
  const make = () => near(centres[Math.floor(rng() * centres.length)], rng);
  const stored = Array.from({ length: count }, (_, id) => ({ id, vector: make() }));
  const queries = Array.from({ length: 50 }, make);
  const truth = queries.map((query) =>
    stored
      .map(({ id, vector }) => ({ id, score: cosine(vector, query) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
      .map(({ id }) => id),
  );
  return { stored, queries, truth };
}

protocol<VectorStore>('VectorStore', { rounds: 3 })
  .fixture(({ rng }) => makeVectors(600, rng))

  .property('the nearest of a stored vector is itself', async ({ subject, fixture: { stored } }) => {
    await subject.add(stored);
    for (const { id, vector } of stored.slice(0, 100)) {
      const [found] = await subject.search(vector, 1);
      if (found !== id) return `that of ${id} is ${found}`;
    }
    return true;
  })
  .property('as many are found as are asked for', async ({ subject, fixture: { stored, queries } }) => {
    await subject.add(stored.slice(0, 20));
    const found = await subject.search(queries[0]!, 10);
    return (found.length === 10 && new Set(found).size === 10) || `${found.length} of 10`;
  })
  .property('the nearest come first', async ({ subject, fixture: { stored, queries } }) => {
    await subject.add(stored);
    for (const query of queries) {
      const scores = (await subject.search(query, 10)).map((id) => cosine(stored[id]!.vector, query));
      const wrong = scores.findIndex((score, i) => i > 0 && score > scores[i - 1]! + 1e-5);
      if (wrong !== -1) return `place ${wrong} is nearer than the one before`;
    }
    return true;
  })

  .quality('recall@10', {
    unit: 'ratio',
    better: 'higher',
    measure: async ({ subject, fixture: { stored, queries, truth } }) => {
      await subject.add(stored);
      let found = 0;
      for (const [i, query] of queries.entries()) {
        const ids = new Set(await subject.search(query, 10));
        found += truth[i]!.filter((id) => ids.has(id)).length;
      }
      return found / (10 * queries.length);
    },
    objectives: ['recall@10 >= 90%'],
  })
  .bench('search', {
    setup: async ({ subject, fixture: { stored, queries } }) => {
      await subject.add(stored);
      return { subject, queries, next: 0 };
    },
    run: (state) => state.subject.search(state.queries[state.next++ % state.queries.length]!, 10),
    time: '150ms',
    warmup: '300ms',
    objectives: ['median < 50ms'],
  })
  .bench('index 500', {
    setup: ({ create, dispose, fixture }) => ({ create, dispose, vectors: fixture.stored.slice(0, 500) }),
    run: async ({ create, dispose, vectors }) => {
      const store = await create();
      await store.add(vectors);
      await dispose(store);
    },
    time: '150ms',
    warmup: '300ms',
    objectives: ['median < 500ms'],
  })
  .latency('add 100 more', {
    setup: async ({ subject, fixture: { stored } }) => {
      await subject.add(stored);
      return { subject, stored };
    },
    run: ({ setup: { subject, stored }, index }) =>
      // Every call has a number of its own, so that no id is used twice.
      subject.add(stored.slice(0, 100).map(({ id, vector }) => ({ id: stored.length + 100 * index + id, vector }))),
    samples: 60,
    objectives: ['p95 < 200ms'],
  })
  .member('fill and drop', ({ name, create, dispose, fixture }) =>
    leak(name, {
      setup: async () => (await fixture()).stored.slice(0, 10),
      cycle: async (vectors) => {
        const store = await create();
        await store.add(vectors);
        await dispose(store);
      },
      duration: '1s',
      samples: 40,
      objectives: ['growth < 4KB/op'],
    }),
  )

  .implementedBy({
    'brute force': () => new BruteForce(),
    orama: openOrama,
    usearch: { create: () => openUsearch(usearch!, usualGraph), skip },
    // Caught on purpose, as are the naive paragraphs of the chunkers.
    'usearch, thin graph': { create: () => openUsearch(usearch!, thinGraph), skip, expected: 'fail' },
  });
