import { load } from 'perfkeel';
import { lab, mostPerSecond } from './lab.ts';

const delayMs = 250;
const patient = lab('--delay', String(delayMs));

// Little's law: n clients that each wait 250 ms for an answer get 4n answers a second, and never more. A third of that is
// promised, so that the promise holds on a busy machine and does not when clients wait for each other.
for (const clients of [100, 250, 500]) {
  load(`${clients} concurrent clients`, {
    group: 'concurrent clients',
    target: patient,
    requests: { path: '/work' },
    clients,
    for: '700ms',
    rounds: 2,
    objectives: [
      `min >= ${delayMs - 1}ms`,
      'p95 < 1.5s',
      'errors < 1%',
      `throughput >= ${Math.round(mostPerSecond(clients, delayMs) / 3)}/s`,
    ],
  });
}

// Every request opens a connection of its own and closes it: 200 new ones a second, whether or not the last are done.
load('rapid connection', {
  target: lab(),
  requests: { path: '/work' },
  driver: { use: 'http1', keepAlive: false },
  rate: '200/s',
  for: '700ms',
  rounds: 2,
  objectives: ['p95 < 200ms', 'p95 of connection-wait < 150ms', 'errors < 1%', 'throughput >= 180/s'],
});

// The same as fast as 20 clients can: connect, ask, close, again.
load('connection churn', {
  target: lab(),
  requests: { path: '/work' },
  driver: { use: 'http1', keepAlive: false },
  clients: 20,
  for: '700ms',
  rounds: 2,
  objectives: ['p95 < 500ms', 'errors < 1%', 'throughput >= 200/s'],
});
