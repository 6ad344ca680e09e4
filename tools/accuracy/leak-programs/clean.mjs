/** Code that gives back what it takes, though much of it grows for a while. Each makes one cycle. */
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

export const clean = {
  'steady json': () => () => JSON.parse(JSON.stringify(record(7))).total,

  'bounded LRU': () => {
    const get = lru(500);
    let next = 0;
    return () => get(next++);
  },

  'LRU that fills for long': () => {
    const get = lru(20_000);
    let next = 0;
    return () => get(next++);
  },

  'lazy functions': () => {
    // Code that is compiled when a route is asked for the first time.
    const routes = Array.from(
      { length: 300 },
      (_, i) => `return (a) => { let s = ${i}; for (const x of a) s += x * ${i}; return s; }`,
    );
    const ready = new Map();
    let next = 0;
    return () => {
      const id = Math.min(next++ >> 4, routes.length - 1);
      if (!ready.has(id)) ready.set(id, new Function(routes[id])());
      return ready.get(id)([1, 2, 3]);
    };
  },

  'lazy modules': () => {
    let next = 0;
    return async () => {
      const at = next++;
      const name = at % 200 === 0 ? builtins[at / 200] : undefined;
      if (name !== undefined && !quiet.has(name)) await import(`node:${name}`);
    };
  },

  'object pool': () => {
    const pool = [];
    let next = 0;
    return () => {
      // The crowd gets larger for a while; then the pool has enough for all.
      const crowd = Math.min(1 + (next++ >> 6), 200);
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

  'interned strings': () => {
    const seen = Object.create(null);
    let next = 0;
    return () => (seen[`metric_${(next++ * 7919) % 3000}`] ??= next);
  },

  'cache emptied now and then': () => {
    const entries = new Map();
    let next = 0;
    return () => {
      entries.set(next, record(next));
      if (++next % 5000 === 0) entries.clear();
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

  'buffers dropped': () => () => Buffer.alloc(1024, 1).length + Buffer.from('a short text').length,

  'large buffers dropped': () => {
    let last;
    let next = 0;
    return () => {
      if (++next % 500 === 0) last = Buffer.alloc(2 ** 19, 1);
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
    return () => void (ring[next++ % 1000] = record(next));
  },
};
