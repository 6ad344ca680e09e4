import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { freePort } from '../src/startup/free-port.ts';
import { measureStartup } from '../src/index.ts';
import { programWriter, temporaryFolder } from './programs.ts';

const folder = temporaryFolder();
const program = programWriter(folder);
const ms = 1e6;

test('by a line on stderr, whatever stdout says', async () => {
  const command = program(
    'stderr',
    `console.log('up');
    setTimeout(() => console.error('up'), 120);
    setInterval(() => {}, 1000);`,
  );
  const { starts } = await measureStartup({ command, ready: { stderr: /^up$/ }, samples: 1 });
  expect(starts[0]!.startupTime).toBeGreaterThan(120 * ms);
  expect(starts[0]!.firstOutput!).toBeLessThan(starts[0]!.startupTime);
});

describe('by a path', () => {
  const server = program(
    'server',
    `import { createServer } from 'node:http';
    console.log('booting');
    let good = 0;
    const server = createServer((request, response) => {
      response.statusCode = performance.now() > readyAt ? 200 : 503;
      if (response.statusCode === 200 && ++good > Number(process.env.GOOD ?? 9)) response.statusCode = 500;
      setTimeout(() => response.end('x'), response.statusCode === 503 ? 0 : 40);
    });
    let readyAt = Infinity;
    setTimeout(() => server.listen(process.env.PORT, '127.0.0.1', () => { readyAt = performance.now() + 100; }), 100);`,
  );
  const ready = { http: { path: '/', status: 200 } };

  test('with every phase on the way', async () => {
    const { starts, startupTime, warnings } = await measureStartup({ command: server, ready, samples: 2 });
    for (const start of starts) {
      expect(start.firstOutput!).toBeLessThan(start.portOpen!);
      expect(start.portOpen!).toBeGreaterThan(100 * ms);
      expect(start.portOpen! + start.firstResponse!).toBeCloseTo(start.startupTime, 0);
      // 100 ms until it listens, 100 until it wants to answer well, and 40 for each good answer.
      expect(start.startupTime).toBeGreaterThan(238 * ms);
      expect(start.firstResponse!).toBeGreaterThan(39 * ms);
      expect(start.warmResponse!).toBeGreaterThan(39 * ms);
      expect(start.spawnTime).toBeGreaterThan(10e3);
    }
    expect(startupTime).toEqual(starts.map((start) => start.startupTime));
    expect(warnings).toEqual([]);
  });

  test('that answers once and then no more: it has started, with a warning', async () => {
    const { starts, warnings } = await measureStartup({ command: server, ready, env: { GOOD: '1' }, samples: 1 });
    expect(starts[0]).not.toHaveProperty('warmResponse');
    expect(warnings).toEqual([
      { code: 'second-request-failed', message: '1 of 1 starts gave no good answer to the second request' },
    ]);
  });

  test('with a status that never comes', async () => {
    const never = measureStartup({
      command: server,
      ready: { http: { path: '/', status: 204 } },
      startTimeout: '500ms',
    });
    await expect(never).rejects.toThrow(
      /not ready after 500 ms; expected status 204 from http:\/\/127\.0\.0\.1:\d+\/;/,
    );
  });
});

describe('by a port', () => {
  const program = programWriter(folder);

  test('that the program chose and says, in two pieces', async () => {
    const command = program(
      'own-port',
      `import { createServer } from 'node:net';
      const server = createServer().listen(0, '127.0.0.1', () => {
        const port = String(server.address().port);
        process.stdout.write('port ' + port.slice(0, 2));
        setTimeout(() => process.stdout.write(port.slice(2) + '\\n'), 50);
      });`,
    );
    const ready = { port: /^port (?<port>\d+)$/ };
    const { starts } = await measureStartup({ command, ready, samples: 1 });
    expect(starts[0]!.startupTime).toBeGreaterThan(50 * ms);
    expect(starts[0]!.firstOutput!).toBeLessThan(starts[0]!.startupTime);
  });

  test('that is none', async () => {
    const command = program('no-port', `console.log('port 70000'); setInterval(() => {}, 1000);`);
    const wrong = measureStartup({ command, ready: { http: { path: '/', port: /port (?<port>\d+)/ } } });
    await expect(wrong).rejects.toThrow(
      'did not start: it wrote "port 70000", which names no port; expected an answer',
    );
  });

  test('of its own, which must be free', async () => {
    const port = await freePort();
    const command = program(
      'fixed-port',
      `import { createServer } from 'node:net'; createServer().listen(${port}, '127.0.0.1');`,
    );
    const { starts } = await measureStartup({ command, ready: { port }, samples: 1 });
    expect(starts[0]!.startupTime).toBeGreaterThan(5 * ms);
    const server = createServer().listen(port, '127.0.0.1');
    const taken = measureStartup({ command, ready: { port }, samples: 1 });
    await expect(taken).rejects.toThrow(`something listens on port ${port} already`);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('by a message', () => {
  const command = program(
    'sender',
    `process.send({ loading: true });
    setTimeout(() => process.send('ready'), 150);
    process.on('message', () => {});`,
  );

  test("'ready', or any", async () => {
    const ready = await measureStartup({ command, ready: 'ipc', samples: 1 });
    const any = await measureStartup({ command, ready: { ipc: 'any' }, samples: 1 });
    expect(ready.startupTime[0]!).toBeGreaterThan(150 * ms);
    expect(any.startupTime[0]!).toBeGreaterThan(5 * ms);
  });

  test('that never comes', async () => {
    const never = measureStartup({ command, ready: { ipc: 'listening' }, startTimeout: '300ms' });
    await expect(never).rejects.toThrow(
      'not ready after 300 ms; expected process.send("listening"); its stderr is empty',
    );
  });
});

test('a program that stays silent has no first output, and starts that warm up do not count', async () => {
  const command = program('silent', `process.send('ready'); setInterval(() => {}, 1000);`);
  const progress: string[] = [];
  const context = { progress: (text: string) => void progress.push(text) };
  const { starts } = await measureStartup({ command, ready: 'ipc', samples: 1, warmup: 1 }, context);
  expect(starts).toHaveLength(1);
  expect(starts[0]).not.toHaveProperty('firstOutput');
  expect(progress.at(-1)).toBe('2 of 2 starts');
});
