/**
 * HTTP servers of which the truth is known, each a program of its own: `node servers.mjs "rate limiter" 7` serves until
 * it is ended, and prints its port. Clean ones draw their bounds by the seed; a number is a leak of so many bytes a request.
 */
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { betweenBy } from './between.mjs';
import { keepingServer } from './containers.mjs';
import { leakOf } from './leaking.mjs';

const record = (id) => ({ id, name: `customer ${id}`, tags: ['new', 'paid'], total: id * 1.5 });

/** Each makes a handler that returns the answer's text, or a promise of it. */
export const cleanServers = {
  'plain answer': () => () => JSON.stringify(record(1)),

  'bounded sessions': (between) => {
    const [sessions, most] = [new Map(), between.bound(50, 2000)];
    let next = 0;
    return () => {
      sessions.set(next++, { user: record(next), seen: new Date() });
      if (sessions.size > most) sessions.delete(sessions.keys().next().value);
      return `${sessions.size}`;
    };
  },

  'pages emptied now and then': (between) => {
    const [pages, period] = [new Map(), between.bound(50, 5000)];
    let next = 0;
    return () => {
      pages.set(next, `page ${next}`.repeat(8));
      if (++next % period === 0) pages.clear();
      return 'page';
    };
  },

  'rate limiter': (between) => {
    const [seen, windowMs] = [new Map(), between(50, 1000)];
    let began = Date.now();
    let next = 0;
    return () => {
      if (Date.now() - began > windowMs) {
        seen.clear();
        began = Date.now();
      }
      const client = `client ${next++ % 997}`;
      seen.set(client, (seen.get(client) ?? 0) + 1);
      return String(seen.get(client));
    };
  },

  'answer after a while': () => async () => {
    await new Promise((resolve) => void setTimeout(resolve, 1));
    return 'late';
  },

  'compressed answer': () => {
    const text = JSON.stringify(Array.from({ length: 20 }, (_, i) => record(i)));
    return () => gzipSync(text);
  },

  'listeners on and off': () => {
    const bus = new EventEmitter();
    return (_request, response) => {
      const listener = () => response.destroy();
      bus.on('shutdown', listener);
      response.on('close', () => bus.off('shutdown', listener));
      return String(bus.listenerCount('shutdown'));
    };
  },

  'last log lines': (between) => {
    const lines = new Array(between.bound(100, 5000));
    let next = 0;
    return (request) => {
      lines[next++ % lines.length] = `${request.method} ${request.url} ${next}`;
      return 'logged';
    };
  },
};

const [name, seed] = process.argv.slice(2);
// Others import the list above.
if (name !== undefined && process.argv[1].endsWith('servers.mjs')) serve(name, Number(seed));

function serve(name, seed) {
  const bytes = Number(name);
  const leak = bytes > 0 ? leakOf(bytes) : undefined;
  const answer = leak ? () => (leak(), 'ok') : { ...cleanServers, array: keepingServer }[name](betweenBy(seed));
  createServer(async (request, response) => {
    response.end(await answer(request, response));
  }).listen(0, '127.0.0.1', function () {
    console.log(`port ${this.address().port}`);
  });
}
