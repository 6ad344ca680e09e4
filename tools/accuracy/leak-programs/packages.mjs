/**
 * Published packages, each with one cycle of its ordinary use. `keeps` is what an explanation must name; packages
 * without it give back what they take.
 */
import { EventEmitter, once } from 'node:events';

const record = (id) => ({ id, name: `customer ${id}`, tags: ['new', 'paid'], total: id * 1.5 });
const latest = async (name) => import(name);

/** Packages live as long as the process does, and so does what they keep. */
const kept = {};

export const packages = {
  // "MemoryStore is purposely not designed for a production environment. It will leak memory under most conditions."
  'express-session': {
    keeps: /sessions/i,
    make: async () => {
      const { default: session } = await latest('express-session');
      kept.store = new session.MemoryStore();
      let next = 0;
      return () =>
        new Promise((resolve) => {
          kept.store.set(`session ${next++}`, { cookie: { maxAge: 3_600_000 }, user: record(next) }, resolve);
        });
    },
  },

  // A time series for each combination of label values, for as long as the process lives.
  'prom-client': {
    keeps: /hashMap/,
    make: async () => {
      const { default: client } = await latest('prom-client');
      kept.counter = new client.Counter({ name: 'requests', help: 'by user', labelNames: ['user'], registers: [] });
      let next = 0;
      return () => kept.counter.inc({ user: `user ${next++}` });
    },
  },

  // Its cache has no bound; the documentation shows how to put another in its place.
  lodash: {
    keeps: /cache|memoize/i,
    make: async () => {
      const { default: lodash } = await latest('lodash');
      kept.read = lodash.memoize(record);
      let next = 0;
      return () => kept.read(next++);
    },
  },

  'lru-cache': {
    make: async () => {
      const { LRUCache } = await latest('lru-cache');
      kept.cache = new LRUCache({ max: 500 });
      let next = 0;
      return () => kept.cache.set(next++, record(next));
    },
  },

  'p-limit': {
    make: async () => {
      const { default: limit } = await latest('p-limit');
      kept.limit = limit(2);
      return () => Promise.all([1, 2, 3, 4].map((id) => kept.limit(async () => record(id))));
    },
  },

  eventemitter3: {
    make: async () => {
      const { EventEmitter: Emitter } = await latest('eventemitter3');
      kept.emitter = new Emitter();
      return () => {
        const listener = () => record(1);
        kept.emitter.on('order', listener);
        kept.emitter.emit('order');
        kept.emitter.off('order', listener);
      };
    },
  },

  'generic-pool': {
    make: async () => {
      const { default: pool } = await latest('generic-pool');
      kept.pool = pool.createPool(
        { create: async () => new EventEmitter(), destroy: async () => undefined },
        { max: 5, min: 1 },
      );
      return async () => kept.pool.release(await kept.pool.acquire());
    },
  },

  express: {
    make: async () => {
      const { default: express } = await latest('express');
      const { Agent, get } = await import('node:http');
      const app = express();
      app.get('/orders/:id', (request, response) => response.json(record(Number(request.params.id))));
      const server = app.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const { port } = server.address();
      let next = 0;
      return async () => {
        const [response] = await once(get({ host: '127.0.0.1', port, agent, path: `/orders/${next++}` }), 'response');
        await response.toArray();
      };
    },
  },
};
