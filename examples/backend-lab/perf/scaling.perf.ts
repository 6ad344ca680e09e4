import { load } from 'perfkeel';
import { lab, mostPerSecond } from './lab.ts';

const clients = 16;
/** Slots limit what can be done, and not the processors of this machine: so more of them do more, also on a small one. */
const [least, most] = [0.4, 1.15];

/** From both sides: at least this share of what the slots can do, and hardly more than they can. */
const limits = (possible: number) =>
  [
    'errors = 0',
    `throughput >= ${Math.round(possible * least)}/s`,
    // Sixteen clients of which each gets its share: n = rate x time (Little's law).
    `mean >= ${Math.floor((clients / (possible * most)) * 1000)}ms`,
  ] as const;

// One to four servers, each a process of its own with 2 workers of 40 ms, behind a balancer that asks them in turn.
for (const backends of [1, 2, 4]) {
  load(`throughput of ${backends} ${backends === 1 ? 'backend' : 'backends'}`, {
    group: 'backends',
    target: lab('--backends', String(backends), '--workers', '2', '--delay', '40'),
    requests: { path: '/work' },
    clients,
    for: '700ms',
    rounds: 2,
    objectives: limits(mostPerSecond(2 * backends, 40)),
  });
}

// A server alone, with a pool of connections to a database whose queries take 20 ms.
for (const pool of [1, 4, 8]) {
  load(`a pool of ${pool} ${pool === 1 ? 'connection' : 'connections'}`, {
    group: 'connection pool',
    target: lab('--pool', String(pool), '--query', '20'),
    requests: { path: '/query' },
    clients,
    for: '700ms',
    rounds: 2,
    objectives: limits(mostPerSecond(pool, 20)),
  });
}
