import { load } from 'perfkeel';
import { lab } from './lab.ts';
import { publish } from './publish.ts';
import { openEvents, openSocket, type Subscriber } from './subscriber.ts';

const target = lab();

type Open = (client: number) => Promise<Subscriber>;

/** As many as calls are ever under way at once, since clients are numbered by that: whoever has none gets one then. */
const expected = 8;

/** Subscribers, opened before the load begins and closed behind it; one for each client. */
async function openAll(count: number, open: Open): Promise<Subscribers> {
  const all = await Promise.all(Array.from({ length: count }, (_, client) => open(client)));
  return {
    all,
    of: async (client) => (all[client] ??= await open(client)),
    close: () => all.forEach((subscriber) => subscriber.close()),
  };
}

interface Subscribers {
  readonly all: readonly Subscriber[];
  of(client: number): Promise<Subscriber>;
  close(): void;
}

// The response time of each call is the time of a delivery: from publishing until the subscriber has it.
load('a notification over server-sent events', {
  target,
  setup: ({ url, signal }) => openAll(expected, (client) => openEvents(url!, `events-${client}`, signal)),
  run: async ({ setup: streams, client, index, url }) => {
    const stream = await streams.of(client);
    const delivered = stream.delivered(String(index));
    await Promise.all([delivered, publish(url!, `events-${client}`, String(index))]);
  },
  teardown: (streams) => streams.close(),
  rate: '60/s',
  for: '700ms',
  rounds: 2,
  objectives: ['median < 60ms', 'p90 < 200ms', 'errors = 0'],
});

load('a notification over WebSocket', {
  target,
  setup: ({ url, signal }) => openAll(expected, (client) => openSocket(url!, `socket-${client}`, signal)),
  run: async ({ setup: sockets, client, index }) => {
    const socket = await sockets.of(client);
    const delivered = socket.delivered(String(index));
    socket.publish(String(index));
    await delivered;
  },
  teardown: (sockets) => sockets.close(),
  rate: '100/s',
  for: '700ms',
  rounds: 2,
  objectives: ['median < 40ms', 'p90 < 150ms', 'errors = 0'],
});

// Fan-out: the call is done when the last of fifty subscribers has the message.
const audience = 50;
load(`a notification to ${audience} subscribers`, {
  target,
  setup: ({ url, signal }) => openAll(audience, () => openEvents(url!, 'news', signal)),
  run: async ({ setup: listeners, index, url }) => {
    const delivered = listeners.all.map((listener) => listener.delivered(String(index)));
    await Promise.all([...delivered, publish(url!, 'news', String(index))]);
  },
  teardown: (listeners) => listeners.close(),
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
