import { load } from 'perfkeel';
import { lab, mostPerSecond } from './lab.ts';

const [delayMs, thinkMs] = [250, 150];
const patient = lab('--delay', String(delayMs));

// Little's law: n clients that each wait 250 ms for an answer and think for 150 ms get 2.5n answers a second. A third of
// that is promised, so that the promise holds on a busy machine and does not when clients wait for each other.
for (const clients of [100, 250, 500]) {
  load(`${clients} concurrent clients`, {
    group: 'concurrent clients',
    target: patient,
    requests: { path: '/work' },
    clients,
    think: { mean: `${thinkMs}ms` },
    for: '700ms',
    rounds: 2,
    objectives: [
      `min >= ${delayMs - 1}ms`,
      'p95 < 1.5s',
      'errors = 0',
      `throughput >= ${Math.round(mostPerSecond(clients, delayMs + thinkMs) / 3)}/s`,
    ],
  });
}

// Every request opens a connection of its own and closes it: 120 new ones a second, whether or not the last are done.
load('rapid connection', {
  target: lab(),
  requests: { path: '/work' },
  driver: { use: 'http1', keepAlive: false },
  rate: '120/s',
  for: '700ms',
  rounds: 2,
  objectives: ['p95 < 200ms', 'p95 of connection-wait < 150ms', 'errors = 0', 'throughput >= 100/s'],
});

// Twenty clients that come and go: connect, ask, close, and again after a moment.
load('connection churn', {
  target: lab(),
  requests: { path: '/work' },
  driver: { use: 'http1', keepAlive: false },
  clients: 20,
  think: '80ms',
  for: '700ms',
  rounds: 2,
  objectives: ['p95 < 500ms', 'errors = 0', 'throughput >= 80/s'],
});
