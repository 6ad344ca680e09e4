import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureStartup } from '../src/index.ts';
import { eventually, isAlive, programWriter, temporaryFolder } from './programs.ts';

const folder = temporaryFolder();
const program = programWriter(folder);
const withPid = (file: string): string => `
  import { writeFileSync } from 'node:fs';
  writeFileSync(${JSON.stringify(file)}, String(process.pid));
`;
const pidIn = (file: string): number => Number(readFileSync(file, 'utf8'));
const lateMs = 150;
const lateServer = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/ready' ? 200 : 503;
    response.end();
  });
  setTimeout(() => server.listen(Number(process.argv[2] ?? process.env.PORT), '127.0.0.1'), ${lateMs});
`;

describe('ready', () => {
  test('by exit', async () => {
    const { startupTime } = await measureStartup({ command: program('empty', ''), samples: 2 });
    const late = await measureStartup({ command: program('late', `setTimeout(() => {}, 400)`), samples: 1 });
    expect(startupTime).toHaveLength(2);
    expect(Math.min(...startupTime)).toBeGreaterThan(5e6);
    expect(late.startupTime[0]!).toBeGreaterThan(400e6);
    expect(late.startupTime[0]! - Math.min(...startupTime)).toBeGreaterThan(200e6);
  });

  test('by a line on stdout, of a program that would go on for ever', async () => {
    const pidFile = join(folder, 'talker.pid');
    const command = program(
      'talker',
      `${withPid(pidFile)}
      console.log('warming up');
      setTimeout(() => process.stdout.write('listening on po'), ${lateMs});
      setTimeout(() => process.stdout.write('rt 4711\\n'), ${lateMs} + 50);
      setTimeout(() => setInterval(() => console.log('x'.repeat(1000)), 1), ${lateMs} + 60);`,
    );
    const { startupTime } = await measureStartup({ command, ready: /listening on port \d+$/g, samples: 1 });
    expect(startupTime[0]!).toBeGreaterThan((lateMs + 50) * 1e6);
    expect(startupTime[0]!).toBeLessThan(10e9);
    expect(isAlive(pidIn(pidFile))).toBe(false);
  });

  test('by an open port, given as PORT', async () => {
    const { startupTime } = await measureStartup({ command: program('server', lateServer), ready: 'port', samples: 1 });
    expect(startupTime[0]!).toBeGreaterThan(lateMs * 1e6);
  });

  test('by a path that answers below 500, with the port in the command', async () => {
    const command = [...program('http-server', lateServer), '{port}'];
    const { startupTime } = await measureStartup({ command, ready: { http: '/ready' }, env: { PORT: '' }, samples: 1 });
    expect(startupTime[0]!).toBeGreaterThan(lateMs * 1e6);
    const never = measureStartup({ command, ready: { http: '/broken' }, startTimeout: '600ms', samples: 1 });
    await expect(never).rejects.toThrow(/not ready after 600 ms; expected an answer below 500 from http:\S+\/broken/);
  });

  test('a start that prints and ends at once still counts as ready', async () => {
    const { startupTime } = await measureStartup({ command: program('brief', `console.log('up')`), ready: /^up$/ });
    expect(startupTime).toHaveLength(3);
  });

  test('environment and folder reach the program', async () => {
    const command = program(
      'environment',
      `process.exit(process.env.GREETING === 'port ' + process.env.PORT && process.cwd() === process.argv[2] ? 0 : 9)`,
    );
    const given = { command: [...command, folder], env: { GREETING: 'port {port}' }, cwd: folder, samples: 1 };
    expect((await measureStartup(given)).startupTime).toHaveLength(1);
  });

  test('a rehearsal starts it once', async () => {
    const { startupTime } = await measureStartup({ command: program('once', ''), samples: 50 }, { short: true });
    expect(startupTime).toHaveLength(1);
  });
});

describe('not ready', () => {
  test('in time: its stderr is shown, and it is really dead, with what it had started', async () => {
    const [pidFile, childFile] = [join(folder, 'stubborn.pid'), join(folder, 'stubborn-child.pid')];
    const command = program(
      'stubborn',
      `${withPid(pidFile)}
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      writeFileSync(${JSON.stringify(childFile)}, String(child.pid));
      process.on('SIGTERM', () => console.error('not now'));
      console.error('the database does not answer');
      setInterval(() => {}, 1000);`,
    );
    const stubborn = measureStartup({ command, ready: /never/, startTimeout: '700ms', samples: 3 });
    await expect(stubborn).rejects.toMatchObject({
      code: 'startup-failed',
      exitCode: 4,
      message: expect.stringMatching(
        /stubborn\.mjs` did not start: it was not ready after 700 ms; expected a line on stdout that matches \/never\/\n {3}its stderr:\n {3}\| the database does not answer/,
      ) as string,
      hint: expect.stringContaining('Run the command by hand') as string,
    });
    expect(isAlive(pidIn(pidFile))).toBe(false);
    expect(await eventually(() => !isAlive(pidIn(childFile)))).toBe(true);
  });

  test.each([
    ['exit', 'exit'],
    ['a port', 'port'],
    ['stdout', /never/],
  ] as const)('because it fails, waiting for %s: at once, with its stderr', async (_, ready) => {
    const start = performance.now();
    const command = program('broken', `throw new Error('no config file')`);
    await expect(measureStartup({ command, ready })).rejects.toThrow(
      /it exited with code 1; expected [^]*no config file/,
    );
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('because it ends well, but too early', async () => {
    const early = measureStartup({ command: program('early', ''), ready: 'port' });
    await expect(early).rejects.toThrow(/it exited with code 0; expected an open port \d+ .*; its stderr is empty/);
  });

  test('because there is no such program, or no such folder', async () => {
    await expect(measureStartup({ command: ['no-such-program-here'] })).rejects.toMatchObject({
      code: 'startup-failed',
      message: expect.stringContaining('could not be started (spawn no-such-program-here ENOENT)') as string,
    });
    await expect(measureStartup({ command: ['node'], cwd: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'startup-failed',
      hint: 'Correct `cwd`.',
    });
  });

  test('a port of the user that is taken would look like a start of no time', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const taken = measureStartup({ command: program('taken', lateServer), ready: 'port', env: { PORT: String(port) } });
    await expect(taken).rejects.toThrow(`something listens on port ${port} already`);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a signal stops waiting, and the program', async () => {
    const pidFile = join(folder, 'waiting.pid');
    const command = program('waiting', `${withPid(pidFile)} setInterval(() => {}, 1000);`);
    const stop = new AbortController();
    const measuring = measureStartup({ command }, { signal: stop.signal });
    const outcome = expect(measuring).rejects.toThrow('enough');
    expect(await eventually(() => existsSync(pidFile) && pidIn(pidFile) > 0)).toBe(true);
    stop.abort(new Error('enough'));
    await outcome;
    expect(isAlive(pidIn(pidFile))).toBe(false);
  });
});
