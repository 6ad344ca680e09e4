import { bench, leak } from 'perfkeel';
import { createBoundedCache, type BoundedCache } from './bounded-cache.ts';
import { SessionRegistry } from './session-registry.ts';

const bound = 1000;

interface Order {
  readonly id: number;
  readonly items: readonly string[];
}

const orderOf = (id: number): Order => ({ id, items: ['cup', 'saucer', `spoon ${id}`] });

function fullCache(): BoundedCache<number, Order> {
  const cache = createBoundedCache<number, Order>(bound);
  for (let id = 0; id < bound; id++) cache.set(id, orderOf(id));
  return cache;
}

// Every cycle sets a key that was never there, so that one entry comes and one goes.
leak('bounded cache', {
  setup: () => ({ cache: createBoundedCache<number, Order>(bound), next: 0 }),
  cycle: (state) => {
    const id = state.next++;
    state.cache.set(id, orderOf(id));
    return state.cache.get(id - bound / 2);
  },
  duration: '3s',
  cleanUp: '100ms',
  objectives: ['growth < 16B/op', 'heap < 64MB', 'given-back > 80%'],
});

// Caught on purpose: this one must fail, and the verdict would fail if it ever passed.
leak('leaky session registry', {
  setup: () => new SessionRegistry(),
  cycle: (registry) => registry.close(registry.open('ada')),
  duration: '3s',
  objectives: ['growth < 64B/op'],
  expected: 'fail',
});

// A hundred at a time: one alone takes little longer than the call that is timed.
const hundred = Array.from({ length: 100 }, (_, i) => i);

bench('get 100 entries', {
  group: 'bounded cache',
  setup: fullCache,
  run: (cache) => hundred.reduce((items, id) => items + (cache.get(id * 7)?.items.length ?? 0), 0),
  objectives: ['median < 1ms'],
});

bench('replace 100 entries', {
  group: 'bounded cache',
  setup: () => ({ cache: fullCache(), next: bound }),
  run: (state) => {
    for (const id of hundred) state.cache.set(state.next + id, { id, items: [] });
    state.next += hundred.length;
    return state.cache.size;
  },
  objectives: ['median < 1ms'],
});
