import { load } from 'perfkeel';
import { lab } from './lab.ts';
import { publish } from './publish.ts';
import { openEvents, openSocket, type Subscriber } from './subscriber.ts';

const target = lab();

type Open = () => Promise<Subscriber>;

/** One subscriber for each client, opened with its first call; one that could not be opened is tried again. */
function createSubscribers() {
  const open: (Promise<Subscriber> | undefined)[] = [];
  return (client: number, openOne: Open): Promise<Subscriber> =>
    (open[client] ??= openOne().catch((error: unknown) => {
      open[client] = undefined;
      throw error;
    }));
}

// The response time of each call is the time of a delivery: from publishing until the subscriber has it.
const streams = createSubscribers();
load('a notification over server-sent events', {
  target,
  run: async ({ client, index, url, signal }) => {
    const topic = `events-${client}`;
    const stream = await streams(client, () => openEvents(url!, topic, signal));
    const delivered = stream.delivered(String(index));
    await Promise.all([delivered, publish(url!, topic, String(index))]);
  },
  rate: '60/s',
  for: '700ms',
  rounds: 2,
  objectives: ['median < 60ms', 'p90 < 200ms', 'errors = 0'],
});

const sockets = createSubscribers();
load('a notification over WebSocket', {
  target,
  run: async ({ client, index, url, signal }) => {
    const socket = await sockets(client, () => openSocket(url!, `socket-${client}`, signal));
    const delivered = socket.delivered(String(index));
    socket.publish(String(index));
    await delivered;
  },
  rate: '100/s',
  for: '700ms',
  rounds: 2,
  objectives: ['median < 40ms', 'p90 < 150ms', 'errors = 0'],
});

// Fan-out: the call is done when the last of fifty subscribers has the message.
const audience = 50;
const listeners = createSubscribers();
load(`a notification to ${audience} subscribers`, {
  target,
  run: async ({ index, url, signal }) => {
    const all = Array.from({ length: audience }, (_, i) => listeners(i, () => openEvents(url!, 'news', signal)));
    const open = await Promise.all(all);
    const delivered = open.map((listener) => listener.delivered(String(index)));
    await Promise.all([...delivered, publish(url!, 'news', String(index))]);
  },
  rate: '20/s',
  warmup: '300ms',
  for: '700ms',
  rounds: 2,
  objectives: ['median < 150ms', 'max < 3s', 'errors = 0'],
});

// Subscribing itself: connect, wait until the server has confirmed, leave.
for (const [name, open] of [
  ['server-sent events', openEvents],
  ['WebSocket', openSocket],
] as const) {
  load(`a subscription over ${name}`, {
    group: 'subscription',
    target,
    run: async ({ client, url, signal }) => {
      const subscriber = await open(url!, `visit-${client}`, signal);
      subscriber.close();
    },
    rate: '60/s',
    for: '700ms',
    rounds: 2,
    objectives: ['median < 60ms', 'p90 < 200ms', 'errors = 0'],
  });
}
