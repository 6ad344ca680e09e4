/**
 * Code that keeps what it should give back, one program for every kind. `bytes` is what an iteration leaves behind on
 * the heap or in buffers where that is known exactly; `container` is what an explanation must name.
 */
import { EventEmitter, once } from 'node:events';
import { Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import { createDeflate } from 'node:zlib';

const record = (id) => ({ id, name: `customer ${id}`, tags: ['new', 'paid'], total: id * 1.5 });

/** Bound to the module, as in services: what only the cycle held would be hard to tell from its own state. */
const kept = { array: [], cache: new Map(), chain: undefined, list: undefined, bus: new EventEmitter(), buffers: [] };
kept.bus.setMaxListeners(0);

export const leaking = {
  'growing array': { make: () => () => void kept.array.push(record(1)), container: /array/i },

  'Map cache': {
    make: () => {
      let next = 0;
      return () => void kept.cache.set(`key ${next++}`, record(next));
    },
    container: /Map|cache/,
  },

  closure: {
    make: () => () => {
      const before = kept.chain;
      const text = `${Math.random()}`;
      kept.chain = () => [before, text];
    },
    container: /chain|closure|Context/,
  },

  'event listener': {
    make: () => () => {
      const request = record(1);
      kept.bus.on('data', () => request);
    },
    container: /listener|_events|EventEmitter/i,
  },

  timer: { make: () => () => void setTimeout(() => undefined, 3_600_000).unref(), container: /Timer|Timeout/i },

  'promise that never settles': {
    make: () => {
      const never = new Promise(() => undefined);
      return async () => {
        // The usual way: a race against a promise that lives as long as the service.
        await Promise.race([never, Promise.resolve(record(1))]);
      };
    },
    container: /Promise/i,
  },

  'linked list': {
    make: () => () => void (kept.list = { next: kept.list, value: record(1) }),
    container: /list|Object/,
  },

  connection: {
    make: () => {
      const open = new Set();
      return () => {
        const connection = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
        open.add(connection);
        connection.on('close', () => open.delete(connection));
      };
    },
    container: /Set|open/,
  },

  subscription: {
    make: () => {
      const topics = new Map([['orders', new Set()]]);
      return () => {
        const follower = record(1);
        topics.get('orders').add(() => follower);
        // Removes nothing: it is another function.
        topics.get('orders').delete(() => follower);
      };
    },
    container: /Set|topics|Map/,
  },

  'abort signal': {
    make: () => {
      const shutdown = new AbortController();
      return () => {
        const job = record(1);
        shutdown.signal.addEventListener('abort', () => job.id);
      };
    },
    container: /AbortSignal|Listener|Map/i,
  },

  'buffers off heap': {
    make: () => () => void kept.buffers.push(Buffer.allocUnsafeSlow(512).fill(1)),
    container: /buffers|Array/,
  },

  'native streams': {
    make: () => {
      const streams = [];
      return () => void streams.push(createDeflate());
    },
    container: /streams|Array/,
  },

  'message channels': {
    make: () => {
      const channels = [];
      return () => {
        const channel = new MessageChannel();
        channel.port1.unref();
        channels.push(channel);
      };
    },
    container: /channels|MessagePort|Array/,
  },

  'heap of a worker': {
    // A snapshot of this thread does not name what another one keeps.
    elsewhere: true,
    make: async () => {
      const code = `const kept = []; require('node:worker_threads').parentPort.on('message', function (n) {
        for (let i = 0; i < n; i++) kept.push(new Array(126).fill(i)); this.postMessage(0); });`;
      const worker = new Worker(code, { eval: true });
      worker.unref();
      return async () => {
        worker.ref();
        worker.postMessage(4);
        await once(worker, 'message');
        worker.unref();
      };
    },
  },
};

/** One object in a list: a map, properties, elements and one field, 8 B each. */
class Link {
  constructor(next) {
    this.next = next;
  }
}
const linkBytes = 32;
/** An array: 32 B for itself, 16 B for its elements and 8 B for each of them. */
const arrayBytes = (elements) => 48 + 8 * elements;

/** A leak of so many bytes per iteration on average: small ones come with every other iteration, or more rarely. */
export function leakOf(bytes) {
  if (bytes < linkBytes) {
    const every = Math.round(linkBytes / bytes);
    let [last, next] = [undefined, 0];
    return () => {
      if (++next % every === 0) last = new Link(last);
      return last;
    };
  }
  const elements = Math.round((bytes - arrayBytes(0)) / 8);
  let last;
  return () => {
    const link = new Array(elements).fill(0);
    link[0] = last;
    last = link;
  };
}

export const sizes = [1, 4, 16, 64, 256, 1024, 10_240];
