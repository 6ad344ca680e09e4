/**
 * Code that gives back what it takes, though much of it grows for a while. Each makes one cycle. Bounds, periods and
 * sizes are drawn anew for every run, by `between(lo, hi)`, and by `between.bound` where it is iterations: evenly over their logarithm, so that every order of magnitude
 * gets its share.
 */
import { EventEmitter, once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { gunzipSync, gzipSync } from 'node:zlib';

const record = (id) => ({ id, name: `customer ${id}`, tags: ['new', 'paid'], total: id * 1.5 });

/** A least recently used cache, as most people write it. */
function lru(bound) {
  const entries = new Map();
  return (key) => {
    const found = entries.get(key) ?? record(key);
    entries.delete(key);
    entries.set(key, found);
    if (entries.size > bound) entries.delete(entries.keys().next().value);
    return found;
  };
}

const builtins = ['assert', 'crypto', 'dgram', 'dns', 'http2', 'path', 'punycode', 'querystring', 'readline', 'repl'];
const quiet = new Set(['punycode']);

const programs = {
  'steady json': () => () => JSON.parse(JSON.stringify(record(7))).total,

  'bounded LRU': (between) => {
    const get = lru(between.bound(50, 5000));
    let next = 0;
    return () => get(next++);
  },

  'LRU that fills for long': (between) => {
    const get = lru(between.bound(5000, 40_000));
    let next = 0;
    return () => get(next++);
  },

  'lazy functions': (between) => {
    const asked = Math.ceil(between.bound(1200, 20_000) / 300);
    // Code that is compiled when a route is asked for the first time.
    const routes = Array.from(
      { length: 300 },
      (_, i) => `return (a) => { let s = ${i}; for (const x of a) s += x * ${i}; return s; }`,
    );
    const ready = new Map();
    let next = 0;
    return () => {
      const id = Math.min(Math.floor(next++ / asked), routes.length - 1);
      if (!ready.has(id)) ready.set(id, new Function(routes[id])());
      return ready.get(id)([1, 2, 3]);
    };
  },

  'lazy modules': (between) => {
    const every = Math.ceil(between.bound(500, 5000) / builtins.length);
    let next = 0;
    return async () => {
      const at = next++;
      const name = at % every === 0 ? builtins[at / every] : undefined;
      if (name !== undefined && !quiet.has(name)) await import(`node:${name}`);
    };
  },

  'object pool': (between) => {
    const most = Math.ceil(between.bound(1280, 20_000) / 64);
    const pool = [];
    let next = 0;
    return () => {
      // The crowd gets larger for a while; then the pool has enough for all.
      const crowd = Math.min(1 + (next++ >> 6), most);
      const taken = Array.from({ length: crowd }, () => pool.pop() ?? { body: new Array(64).fill(0) });
      pool.push(...taken);
    };
  },

  'inline caches': () => {
    const shapes = Array.from({ length: 400 }, (_, i) => () => ({ [`key${i}`]: i, common: i, [`tail${i % 7}`]: 0 }));
    const read = (object) => object.common;
    let next = 0;
    return () => read(shapes[Math.min(next++ >> 5, 399)]()) + read(shapes[next % 17]());
  },

  'interned strings': (between) => {
    const names = between.bound(300, 10_000);
    const seen = Object.create(null);
    let next = 0;
    return () => (seen[`metric_${(next++ * 7919) % names}`] ??= next);
  },

  'cache emptied now and then': (between) => {
    const period = between.bound(50, 100_000);
    const entries = new Map();
    let next = 0;
    return () => {
      entries.set(next, record(next));
      if (++next % period === 0) entries.clear();
    };
  },

  'listeners on and off': () => {
    const bus = new EventEmitter();
    return () => {
      const listener = () => bus;
      bus.on('data', listener).emit('data');
      bus.off('data', listener);
    };
  },

  'timers set and cleared': () => () => clearTimeout(setTimeout(() => undefined, 60_000)),

  'promises that settle': () => async () => {
    await Promise.all([Promise.resolve(1), new Promise((resolve) => void queueMicrotask(resolve))]);
  },

  'abort signals': () => {
    const shutdown = new AbortController();
    return () => {
      const cancel = new AbortController();
      const act = () => cancel.abort();
      shutdown.signal.addEventListener('abort', act, { once: true });
      shutdown.signal.removeEventListener('abort', act);
      return cancel.signal.aborted;
    };
  },

  'buffers dropped': (between) => () => Buffer.alloc(between(64, 8192), 1).length + Buffer.from('a short text').length,

  'large buffers dropped': (between) => {
    const [period, bytes] = [between.bound(50, 2000), between(2 ** 16, 2 ** 20)];
    let last;
    let next = 0;
    return () => {
      if (++next % period === 0) last = Buffer.alloc(bytes, 1);
      return last;
    };
  },

  streams: () => async () => {
    let length = 0;
    const sink = new Writable({ write: (chunk, _, done) => ((length += chunk.length), done()) });
    await pipeline(Readable.from(['one', 'two', 'three']), sink);
    return length;
  },

  'weak cache': () => {
    const known = new WeakMap();
    const registry = new FinalizationRegistry(() => undefined);
    return () => {
      const key = record(1);
      known.set(key, new Array(8).fill(key.id));
      registry.register(key, 1);
      return known.get(key);
    };
  },

  'text of the world': () => {
    const locales = ['de', 'en', 'fr', 'ja', 'pt', 'sv'];
    const formats = new Map();
    let next = 0;
    return () => {
      const locale = locales[Math.min(next++ >> 7, 5)];
      if (!formats.has(locale)) formats.set(locale, new Intl.NumberFormat(locale));
      return formats.get(locale).format(next) + new URL(`http://h/${next}?q=${next}`).search;
    };
  },

  'expressions and sorting': () => {
    let next = 0;
    return () => {
      const words = `w${next++ % 97} alpha ${next % 13} beta`.match(/\w+/g);
      return words
        .sort()
        .map((word) => word.replace(/\d+/, (digits) => digits * 2))
        .join(' ');
    };
  },

  compression: () => {
    const text = JSON.stringify(Array.from({ length: 40 }, (_, i) => record(i)));
    return () => gunzipSync(gzipSync(text)).length;
  },

  'messages to a worker': async () => {
    const worker = new Worker(
      "require('node:worker_threads').parentPort.on('message', function (m) { this.postMessage(m.length); })",
      { eval: true },
    );
    worker.unref();
    return async () => {
      worker.ref();
      worker.postMessage('x'.repeat(200));
      await once(worker, 'message');
      worker.unref();
    };
  },

  'ring of the last thousand': () => {
    const ring = new Array(1000);
    let next = 0;
    return () => void (ring[next++ % ring.length] = record(next));
  },
};

/** Whoever draws nothing gets the smallest of everything. */
const smallest = Object.assign((lo) => lo, { bound: (lo) => lo });

export const clean = Object.fromEntries(
  Object.entries(programs).map(([name, make]) => [name, (between = smallest) => make(between)]),
);
