import { leak, target } from 'perfkeel';

/** `SOAK=1h` or `SOAK=8h` really runs for so long; by default it is projected. */
const soak = process.env['SOAK'] as '1h' | '8h' | undefined;
const duration = soak ?? '3s';
const server = target({ command: ['node', 'src/sessions-server.mjs'] });

// Eight hours of a hundred requests a second, told from some seconds; and what time alone would add.
leak('eight hours of sessions', {
  target: server,
  request: { path: '/open' },
  duration,
  idle: '2s',
  plannedFor: '8h',
  rate: '100/s',
  project: { 'an hour': 360_000 },
  objectives: ['growth < 512B/op', 'rss < 512MB'],
});

// A second after the load, most of what it took must be gone.
leak('100 requests at once', {
  target: server,
  request: { path: '/open' },
  clients: 100,
  duration,
  cleanUp: '1s',
  objectives: ['growth < 2KB/op', 'given-back > 50%'],
});

leak('a new connection for every request', {
  target: server,
  request: { path: '/open' },
  churn: true,
  duration,
  objectives: ['growth < 2KB/op'],
});

const ask = async (url: string, path: string): Promise<void> => void (await (await fetch(url + path)).text());

// What each switch keeps, told apart from what the answers between the switches keep.
leak('switch the model', {
  target: server,
  setup: (running) => running!.url,
  cycle: async (url, mark) => {
    await mark('switch', 10);
    for (let i = 0; i < 10; i++) await ask(url, '/switch');
    await mark('answer', 20);
    for (let i = 0; i < 20; i++) await ask(url, '/open');
  },
  phases: ['switch', 'answer'],
  duration,
  objectives: ['growth of switch < 4KB/op', 'growth of answer < 1KB/op', 'growth < 16KB/op'],
});

// Bursts with a pause after each; whatever a burst left behind after the pause counts.
leak('bursts', {
  target: server,
  during: async ({ url }) => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/open`)));
    await Promise.all(answers.map((answer) => answer.text()));
    return answers.length;
  },
  duration,
  objectives: ['growth < 512B/op'],
});
