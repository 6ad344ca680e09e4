import { afterEach, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PerfError, target } from '@perfkeel/core';
import { measureProject, startTarget, type Retry, type RunEvent } from '@perfkeel/runner';
import { createTempProject, eventually, isAlive, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { quietPlace } from '../../../tools/test-support/quiet-place.ts';
import { placeCompanions } from './companions.ts';
import { customNoun } from './custom-noun.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

const server = `
import { createServer } from 'node:http';
createServer((request, response) => { response.statusCode = request.url === '/sick' ? 503 : 200; response.end('hello'); })
  .listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening on', process.env.PORT));
`;
const create = (files: Record<string, string>): TempProject => (project = createTempProject(files));

describe('a target', () => {
  it.each([
    ['a line on stdout', { ready: /listening on/ }],
    ['an open port', { ready: 'port' as const }],
    ['an answer', { ready: { http: '/' } }],
  ])('is ready by %s, answers, and is gone after stop', async (_, options) => {
    const { root } = create({ 'server.mjs': server });
    const started = await startTarget(target({ command: ['node', 'server.mjs'], ...options }), root);
    expect(await (await fetch(started.url)).text()).toBe('hello');
    expect(isAlive(started.pid!)).toBe(true);
    await started.stop();
    await started.stop();
    expect(isAlive(started.pid!)).toBe(false);
    await expect(fetch(started.url)).rejects.toThrow();
  });

  it('tells its own port through a named group', async () => {
    const own = `
      import { createServer } from 'node:http';
      const s = createServer((_, r) => r.end('mine')).listen(0, '127.0.0.1', () => console.log('up at port ' + s.address().port));`;
    const { root } = create({ 'server.mjs': own });
    const started = await startTarget(
      target({ command: ['node', 'server.mjs'], ready: /up at port (?<port>\d+)/ }),
      root,
    );
    expect(await (await fetch(started.url)).text()).toBe('mine');
    await started.stop();
  });

  it('that ends early in the same way twice is reported, with its stderr', async () => {
    const { root } = create({ 'server.mjs': "console.error('cannot find the database'); process.exit(3);" });
    const error: unknown = await startTarget(target({ command: ['node', 'server.mjs'] }), root).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PerfError);
    expect((error as PerfError).code).toBe('target-not-ready');
    expect((error as PerfError).message).toMatch(/exited with code 3.*tried 2 times[\s\S]*\| cannot find the database/);
  });

  it('that never becomes ready is stopped, and its stderr is shown', async () => {
    const { root } = create({ 'server.mjs': "console.error('pid ' + process.pid); setInterval(() => {}, 1000);" });
    // On a busy machine a program may not have come to its first line within a second: then it gets longer.
    for (const seconds of [1, 4, 16]) {
      const spec = target({ command: ['node', 'server.mjs'], ready: /listening/, startTimeout: `${seconds}s` });
      const { message } = (await startTarget(spec, root).catch((thrown: unknown) => thrown)) as PerfError;
      expect(message).toContain(`not ready after ${seconds} s; expected a line on stdout that matches /listening/`);
      const pid = /pid (\d+)/.exec(message)?.[1];
      if (pid !== undefined) return expect(isAlive(Number(pid))).toBe(false);
    }
    expect.unreachable('its stderr was never shown');
  });

  it('on a fixed port is refused when something else already answers there', async () => {
    const { root } = create({ 'server.mjs': server });
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const spec = target({
      command: ['node', 'server.mjs'],
      url: `http://127.0.0.1:${port}`,
      env: { PORT: String(port) },
    });
    await expect(startTarget(spec, root)).rejects.toMatchObject({
      code: 'target-not-ready',
      message: expect.stringMatching(/already answers/) as string,
    });
    other.close();
  });

  it('is ready by its port on IPv6 too', async () => {
    const { root } = create({ 'server.mjs': server.replace("'127.0.0.1'", "'::1'") });
    const started = await startTarget(
      target({ command: ['node', 'server.mjs'], url: 'http://[::1]:{port}', startTimeout: '10s' }),
      root,
    );
    expect(await (await fetch(started.url)).text()).toBe('hello');
    await started.stop();
  });

  it('that is no program is reported', async () => {
    const { root } = create({});
    const error = (await startTarget(target({ command: ['no-such-program-here'] }), root).catch(
      (e: unknown) => e,
    )) as PerfError;
    expect(error.message).toMatch(/`no-such-program-here` did not become ready: it could not be started/);
    expect(error.message).not.toMatch(/tried/);
  });

  it('that ignores SIGTERM is killed, together with what it started', async () => {
    const stubborn = `
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      writeFileSync('child.pid', String(child.pid));
      process.on('SIGTERM', () => {});
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const { root } = create({ 'server.mjs': stubborn });
    const started = await startTarget(
      target({ command: ['node', 'server.mjs'], ready: /ready/, stopTimeout: '200ms' }),
      root,
    );
    const grandchild = Number(readFileSync(join(root, 'child.pid'), 'utf8'));
    expect(isAlive(grandchild)).toBe(true);
    await started.stop();
    expect(isAlive(started.pid!)).toBe(false);
    await eventually(() => !isAlive(grandchild));
  });
});

describe('a target that does not start at first', () => {
  /** Takes the port that somebody else has, so often; then its own. */
  const unlucky = (taken: number, times: number): string => `
    import { createServer } from 'node:http';
    import { existsSync, readFileSync, writeFileSync } from 'node:fs';
    const before = existsSync('starts') ? Number(readFileSync('starts', 'utf8')) : 0;
    writeFileSync('starts', String(before + 1));
    createServer((_, response) => response.end('hello')).listen(before < ${times} ? ${taken} : Number(process.env.PORT), '127.0.0.1');`;
  const listening = async (): Promise<{ port: number; close(): void }> => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    return { port: (other.address() as AddressInfo).port, close: () => other.close() };
  };

  it('because its port is taken is started again, twice at most, and an observed one as well', async () => {
    const other = await listening();
    const { root } = create({ 'server.mjs': unlucky(other.port, 2) });
    const retries: Retry[] = [];
    const spec = { ...target({ command: ['node', 'server.mjs'] }), observed: true } as ReturnType<typeof target>;
    const started = await startTarget(spec, root, undefined, (retry) => retries.push(retry));
    expect(await (await fetch(started.url)).text()).toBe('hello');
    expect(existsSync(started.vitals!)).toBe(true);
    expect(retries.map(({ attempt, pauseMs }) => [attempt, pauseMs])).toEqual([
      [1, 250],
      [2, 500],
    ]);
    expect(retries[0]!.reason).toMatch(/exited with code 1;.*EADDRINUSE/);
    await started.stop();
    other.close();
  });

  it('is said while it is measured, and stands in the run; what is measured is not tried again', async () => {
    const other = await listening();
    const counting = `
      import { target } from '@perfkeel/core';
      import { appendFileSync } from 'node:fs';
      import { probe, sample } from './noun.ts';
      const api = target({ command: ['node', 'server.mjs'] });
      probe('asks', { target: api, rounds: 1, measure: async () => ({ measurements: [sample(1)] }) });
      probe('throws', { target: api, rounds: 1, measure: async () => {
        appendFileSync('measured', '.');
        throw new Error('connect ECONNREFUSED');
      } });`;
    const { root } = create({ 'noun.ts': customNoun, 'server.mjs': unlucky(other.port, 1), 'a.perf.ts': counting });
    const said: string[] = [];
    const onEvent = (event: RunEvent): void => void (event.type === 'retried' && said.push(event.benchmark));
    const run = await measureProject({ root, tool: 'test', conditions: ['@perfkeel/source'], onEvent });
    expect(said).toHaveLength(1);
    const remarks = run.measurements.flatMap(({ warnings }) => warnings.filter(({ code }) => code === 'tried-again'));
    expect(remarks.map(({ forbids }) => forbids)).toEqual(said[0] === 'asks' ? [undefined] : []);
    expect(run.failures.map(({ benchmark }) => benchmark)).toEqual(['throws']);
    expect(readFileSync(join(root, 'measured'), 'utf8')).toBe('.');
    other.close();
  });

  it('and runs by itself is waited for: its first connection is made three times', async () => {
    const { host, port } = quietPlace();
    const { root } = create({});
    const retries: Retry[] = [];
    const late = createHttpServer((_, response) => response.end('hello'));
    const { url } = await startTarget(target({ url: `http://${host}:${port}` }), root, undefined, (retry) => {
      retries.push(retry);
      if (retries.length === 2) late.listen(port, host);
    });
    expect(retries[0]).toMatchObject({ what: `the first connection to ${url}`, reason: 'connection refused' });
    expect(retries).toHaveLength(2);
    // Of a server that runs by itself nothing else is known, and nobody asks twice.
    const again = await startTarget(target({ url }), root, undefined, () => expect.unreachable());
    expect(again.url).toBe(url);
    late.close();
  });
});

describe('an observed target', () => {
  const told = `
    import { createServer } from 'node:http';
    const facts = () => ({ argv: process.argv.length, flags: process.execArgv, timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout'), mine: process.env.MINE });
    createServer((request, response) => {
      for (const end = performance.now() + (request.url === '/block' ? 300 : 0); performance.now() < end;);
      response.end(JSON.stringify(facts()));
    }).listen(Number(process.env.PORT), '127.0.0.1');`;

  it('writes down what it does, of which its program sees nothing, and leaves nothing behind', async () => {
    const { root } = create({ 'server.mjs': told, 'mine.cjs': "process.env.MINE = 'loaded';" });
    const spec = target({ command: ['node', 'server.mjs'], env: { NODE_OPTIONS: '--require ./mine.cjs' } });
    const [plain, observed] = await Promise.all([
      startTarget(spec, root),
      startTarget({ ...spec, observed: true } as typeof spec, root),
    ]);
    const ask = async (url: string): Promise<unknown> => (await fetch(url)).json();
    expect(await ask(observed.url)).toEqual(await ask(plain.url));
    expect(plain.vitals).toBeUndefined();
    const page = join(observed.vitals!, `${observed.pid}.prom`);
    await eventually(() => existsSync(page));
    await ask(`${observed.url}/block`);
    // Of a stop of 300 ms, what came in its first 200 ms had to wait for longer than 100.
    const waited = (): number => {
      const text = readFileSync(page, 'utf8');
      const bucket = (le: string): number =>
        Number(text.split(`nodejs_eventloop_delay_seconds_bucket{le="${le}"} `)[1]?.split('\n')[0]);
      return bucket('+Inf') - bucket('0.1');
    };
    const active = (): number => Number(/state="active"\} (\S+)/.exec(readFileSync(page, 'utf8'))![1]);
    // Both: a busy machine lets a process wait before that stop, too.
    await eventually(() => waited() >= 3 && active() >= 0.3);
    await Promise.all([plain.stop(), observed.stop()]);
    expect(existsSync(observed.vitals!)).toBe(false);
  });

  it('that does not become ready leaves nothing behind either', async () => {
    const { root } = create({ 'server.mjs': "console.error('in ' + process.env.PERFKEEL_VITALS); process.exit(3);" });
    const spec = { ...target({ command: ['node', 'server.mjs'] }), observed: true } as ReturnType<typeof target>;
    const error = (await startTarget(spec, root).catch((thrown: unknown) => thrown)) as PerfError;
    const [, folder] = /in (\S+)/.exec(error.message)!;
    expect(existsSync(folder!)).toBe(false);
  });
});

describe('no target survives', () => {
  const perfFile = `
    import { target } from '@perfkeel/core';
    import { writeFileSync } from 'node:fs';
    import { probe, sample } from './noun.ts';
    const api = { ...target({ command: ['node', 'server.mjs'], ready: /listening/ }), observed: true };
    probe('asks', { target: api, rounds: 1, measure: async ({ target }: any) => {
      writeFileSync('target.pid', String(target.pid));
      writeFileSync('target.vitals', String(target.vitals));
      if (BEHAVIOUR) await new Promise((resolve) => setTimeout(resolve, 60_000));
      const began = performance.now();
      await (await fetch(target.url)).text();
      return { measurements: [sample((performance.now() - began) * 1e6)] };
    } });`;

  it('the end of its round', async () => {
    const { root } = create({
      'noun.ts': customNoun,
      'server.mjs': server,
      'a.perf.ts': perfFile.replace('BEHAVIOUR', 'false'),
    });
    const run = await measureProject({ root, tool: 'test', conditions: ['@perfkeel/source'] });
    expect(run.failures).toEqual([]);
    expect(isAlive(Number(readFileSync(join(root, 'target.pid'), 'utf8')))).toBe(false);
    const vitals = readFileSync(join(root, 'target.vitals'), 'utf8');
    expect(vitals).toMatch(/perfkeel-vitals-/);
    expect(existsSync(vitals)).toBe(false);
  });

  it('a round in which it dies: the round could not be measured, and its last words are shown', async () => {
    const dying = `${server}
      import { existsSync } from 'node:fs';
      const isMeasured = () => existsSync('target.vitals');
      setInterval(() => isMeasured() && (console.error('out of file handles'), process.exit(9)), 20);`;
    const files = { 'noun.ts': customNoun, 'server.mjs': dying, 'a.perf.ts': perfFile.replace('BEHAVIOUR', 'true') };
    const { root } = create(files);
    const run = await measureProject({ root, tool: 'test', conditions: ['@perfkeel/source'] });
    expect(run.failures).toHaveLength(1);
    expect(run.failures[0]!.error).toMatchObject({ code: 'target-ended' });
    expect(run.failures[0]!.error.message).toMatch(
      /exited with code 9 while it was measured[\s\S]*out of file handles/,
    );
    expect(run.verdict.kind).toBe('could-not-measure');
  });

  it.each(['SIGKILL', 'SIGHUP'] as const)('the death of the process that measures by %s', async (signal) => {
    const files = { 'noun.ts': customNoun, 'server.mjs': server, 'a.perf.ts': perfFile.replace('BEHAVIOUR', 'true') };
    const { root } = create(files);
    const { bundleFile } = await import('@perfkeel/runner');
    project!.write(
      'measure.ts',
      "import { measureProject } from '@perfkeel/runner';\nawait measureProject({ root: process.cwd(), tool: 'test', conditions: ['@perfkeel/source'] });\n",
    );
    // The runner looks for its helper processes beside its own module: here, beside the bundle.
    const bundle = await bundleFile(join(root, 'measure.ts'), {
      outdir: join(root, '.perf'),
      conditions: ['@perfkeel/source'],
    });
    expect(bundle.inputs.length).toBeGreaterThan(1);
    await placeCompanions(join(root, '.perf'));
    const child = spawn(process.execPath, [bundle.file], { cwd: root, stdio: 'ignore', detached: true });
    const pidFile = join(root, 'target.pid');
    const pidOf = (): number => {
      try {
        return Number(readFileSync(pidFile, 'utf8'));
      } catch {
        return 0;
      }
    };
    const vitalsFile = join(root, 'target.vitals');
    await eventually(() => pidOf() > 0 && existsSync(vitalsFile), 20_000);
    expect(isAlive(pidOf())).toBe(true);
    // To the whole group, as a terminal that closes does it.
    process.kill(-child.pid!, signal);
    await eventually(() => !isAlive(pidOf()));
    await eventually(() => !existsSync(readFileSync(vitalsFile, 'utf8')));
  });
});

it('a port that is taken is not handed out', async () => {
  const { freePort } = await import('../src/ports.ts');
  const first = await freePort();
  const blocker = createServer().listen(first + 1, '127.0.0.1');
  // An error says that somebody else has it, which is as good.
  await new Promise((resolve) => blocker.once('listening', resolve).once('error', resolve));
  expect(await freePort()).not.toBe(first + 1);
  blocker.close();
});
