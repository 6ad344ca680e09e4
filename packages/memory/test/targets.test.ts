import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { attachTo, thisProcess, startChild, watchPid, watchWorker, type MemoryTarget } from '../src/index.ts';
import { findInspector, listeningPorts } from '../src/target/inspector/find-inspector.ts';
import { Cleanup, kill, plainProgram, server } from './support/programs.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const megabytes = 2 ** 20;
const opened = <T extends MemoryTarget>(target: T): T => cleanup.add(target, (each) => each.close());
const isLinux = process.platform === 'linux';

async function childServer(): Promise<{ target: MemoryTarget; ask: (path: string) => Promise<unknown> }> {
  const target = opened(await startChild({ module: server, args: ['a', 'b'], ready: /listening on (\d+)/ }));
  return { target, ask: asking(target.said![1]!) };
}

const asking = (port: string) => async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json();

/** What a collection leaves after 10 MB of numbers and 5 MB of buffers are kept, and after they are dropped. */
async function expectTruth(target: MemoryTarget, ask: (path: string) => Promise<unknown>): Promise<void> {
  const before = await target.collect();
  await ask(`/keep?bytes=${10 * megabytes}`);
  await ask(`/buffer?bytes=${5 * megabytes}`);
  const kept = await target.collect();
  expect((kept.heapData! - before.heapData!) / megabytes).toBeCloseTo(10, 0);
  expect((kept.arrayBuffers! - before.arrayBuffers!) / megabytes).toBeCloseTo(5, 0);
  expect((kept.external! - before.external!) / megabytes).toBeCloseTo(5, 0);
  await ask('/drop');
  const dropped = await target.collect();
  expect(Math.abs(dropped.heapData! - before.heapData!) / megabytes).toBeLessThan(1);
  expect(Math.abs(dropped.arrayBuffers! - before.arrayBuffers!) / megabytes).toBeLessThan(1);
}

describe('a child', () => {
  it('tells what it keeps, and does not see that it is watched', async () => {
    const { target, ask } = await childServer();
    const { argv, execArgv, env } = (await ask('/')) as Record<'argv' | 'execArgv' | 'env', string[]>;
    expect(argv).toEqual(['a', 'b']);
    expect(execArgv).toEqual([]);
    expect(env.filter((name) => name.startsWith('PERFKEEL_AGENT'))).toEqual([]);
    await expectTruth(target, ask);
    const reading = await target.read({ detailed: true });
    expect(reading.answered).toBe(true);
    expect(reading.handles).toMatchObject({ TCPServerWrap: 1 });
    expect(reading.rss!).toBeGreaterThan(20 * megabytes);
    if (!isLinux) return;
    expect(reading.fds).toBeGreaterThan(5);
    expect(reading.pss!).toBeLessThanOrEqual(reading.rss! * 1.2);
    expect(reading.privateDirty!).toBeLessThan(reading.pss!);
    expect(target.segment).toBe(`${target.pid}-${readFileSync(`/proc/${target.pid}/stat`, 'utf8').split(' ')[21]}`);
  });

  it('tells of collections once they are watched, and of forced ones as forced', async () => {
    const { target, ask } = await childServer();
    await ask('/garbage');
    expect((await target.read()).collections).toEqual([]);
    await target.watchCollections(true);
    await ask('/garbage');
    const { collections } = await target.read();
    expect(collections.map(({ kind }) => kind)).toContain('minor');
    expect(collections.every(({ forced, pause, age }) => !forced && pause > 0 && age >= 0)).toBe(true);
    const told = [...(await target.collect()).collections];
    const forced = async (): Promise<number> => {
      told.push(...(await target.read()).collections);
      return told.filter((each) => each.forced && each.kind === 'major').length;
    };
    await expect.poll(forced).toBe(2);
    await target.watchCollections(false);
    await ask('/garbage');
    expect((await target.read()).collections).toEqual([]);
  });

  it('is read from outside while its event loop is blocked, and answers later', async () => {
    const { target, ask } = await childServer();
    const blocked = ask('/block?ms=1600');
    await sleep(200);
    const silent = await target.read();
    expect(silent).toMatchObject({ answered: false, collections: [] });
    expect(silent.heapData).toBeUndefined();
    if (isLinux) expect(silent.rss!).toBeGreaterThan(20 * megabytes);
    await blocked;
    expect((await target.read()).answered).toBe(true);
  });

  it('that exits is one clear error, with its code', async () => {
    const { target, ask } = await childServer();
    await ask('/exit?code=7');
    expect(await target.ended).toMatchObject({ code: 7, how: 'exited with code 7' });
    await expect(target.read()).rejects.toMatchObject({ code: 'target-ended' });
    await expect(target.collect()).rejects.toThrow(/target-server\.cjs a b` exited with code 7/);
  });

  it('that never gets ready says why', async () => {
    const broken = startChild({
      command: ['node', '-e', 'console.error("no database"); process.exit(3)'],
      ready: /on/,
    });
    await expect(broken).rejects.toMatchObject({ code: 'target-not-ready' });
    await expect(broken).rejects.toThrow(/exited with code 3; expected a line.*\/on\/\n.*\n.*no database/);
    const silent = startChild({ module: server, ready: /never said/, startTimeout: '600ms' });
    await expect(silent).rejects.toThrow(/took too long/);
    await expect(startChild({ command: ['no-such-program-here'] })).rejects.toThrow(/could not be started|ended/);
  });

  it('in another language is read from outside', async () => {
    const target = opened(await startChild({ command: ['sleep', '60'] }));
    await expect.poll(async () => (await target.read()).rss).toBeGreaterThan(100_000);
    expect((await target.read()).heapData).toBeUndefined();
    await expect(target.collect()).rejects.toMatchObject({ code: 'cannot-collect' });
  });

  it('is gone after close, with the file of its agent', async () => {
    const target = await startChild({ module: server });
    const words = isLinux ? readFileSync(`/proc/${target.pid}/cmdline`, 'utf8').split('\0') : [];
    await Promise.all([target.close(), target.close()]);
    expect(() => process.kill(target.pid, 0)).toThrow(/ESRCH/);
    expect(words.filter((word) => word.endsWith('agent.cjs') && existsSync(word))).toEqual([]);
  });

  it('declared wrongly is a usage error', async () => {
    await expect(startChild({})).rejects.toMatchObject({ code: 'bad-target', exitCode: 2 });
    await expect(startChild({ module: 'nowhere.js' })).rejects.toThrow(/no module "nowhere.js"/);
    await expect(startChild({ command: [] })).rejects.toMatchObject({ code: 'bad-target' });
  });
});

describe('attached', () => {
  it('to a program that was started without an inspector, which is closed afterwards', async () => {
    const { child, said } = await plainProgram(['--inspect-port=127.0.0.1:0', server]);
    cleanup.add(child, kill);
    const before = listeningPorts(child.pid!);
    const target = await attachTo({ pid: child.pid! });
    await expectTruth(target, asking(said.split(' ').at(-1)!));
    expect(target.kind).toBe('attached');
    await target.close();
    await expect.poll(() => listeningPorts(child.pid!), { timeout: 5000 }).toEqual(before);
    expect(child.exitCode).toBeNull();
  });

  it('to an inspector by its url; several times; until the program ends', async () => {
    const { child } = await plainProgram(['--inspect=127.0.0.1:0', server]);
    cleanup.add(child, kill);
    const [first, second] = [await attachTo({ pid: child.pid! }), await attachTo({ pid: child.pid! })].map(opened);
    expect(first!.segment).toBe(second!.segment);
    await first!.watchCollections(true);
    await second!.collect();
    await expect.poll(async () => (await first!.read()).collections.some(({ forced }) => forced)).toBe(true);
    await kill(child);
    await expect(first!.read()).rejects.toMatchObject({ code: 'target-ended' });
    expect(await second!.ended).toEqual({ how: 'ended' });
  });

  it('to an inspector that whoever was attached before is just closing, and is told when it is closed later', async () => {
    const { child } = await plainProgram(['--inspect-port=127.0.0.1:0', server]);
    cleanup.add(child, kill);
    const before = await attachTo({ pid: child.pid! });
    // Not awaited: whoever comes next knows nothing of it.
    const closing = before.close();
    await sleep(50);
    const after = opened(await attachTo({ pid: child.pid! }));
    expect((await after.collect()).answered).toBe(true);
    await Promise.all([closing, after.close()]);
    const owner = opened(await attachTo({ pid: child.pid! }));
    const guest = opened(await attachTo({ pid: child.pid! }));
    await owner.close();
    const asking = (async () => {
      for (;;) await guest.collect();
    })();
    await expect(asking).rejects.toThrow(`the inspector of process ${child.pid} was closed while`);
    expect(child.exitCode).toBeNull();
  });

  it('says that the port is taken when another inspector has it', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const holder = await plainProgram([`--inspect=127.0.0.1:${port}`, server]);
    cleanup.add(holder.child, kill);
    const { child } = await plainProgram([`--inspect-port=127.0.0.1:${port}`, server]);
    cleanup.add(child, kill);
    const refused = findInspector(child.pid!, 800);
    await expect(refused).rejects.toMatchObject({ code: 'no-inspector' });
    expect(child.exitCode).toBeNull();
  });

  it('says that a program which takes the signal for itself opens none', async () => {
    const code = `process.on('SIGUSR1', () => {}); console.log('on'); setInterval(() => {}, 1000);`;
    const { child } = await plainProgram(['-e', code]);
    cleanup.add(child, kill);
    const refused = findInspector(child.pid!, 300);
    await expect(refused).rejects.toMatchObject({
      code: 'no-inspector',
      hint: expect.stringMatching(/handler of its own/) as string,
    });
    expect(child.exitCode).toBeNull();
  });

  it('never signals a program that the signal would end', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    cleanup.add(child, kill);
    if (isLinux) await expect(attachTo({ pid: child.pid! })).rejects.toThrow(/"sleep" does not listen to SIGUSR1/);
    expect(child.signalCode).toBeNull();
  });

  it('only to this machine', async () => {
    for (const inspectorUrl of ['ws://10.0.0.1:9229/x', 'ws://example.org/x', 'http://127.0.0.1:1', 'nonsense']) {
      await expect(attachTo({ inspectorUrl })).rejects.toMatchObject({ code: 'bad-target', exitCode: 2 });
    }
    await expect(attachTo({ inspectorUrl: 'ws://127.0.0.1:1/x' })).rejects.toMatchObject({ code: 'no-inspector' });
    await expect(attachTo({})).rejects.toMatchObject({ code: 'bad-target' });
  });
});

describe('a pid', () => {
  it('of any program is read from outside, until it ends', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    cleanup.add(child, kill);
    const target = opened(watchPid(child.pid!));
    await expect.poll(async () => (await target.read()).rss).toBeGreaterThan(100_000);
    await expect(target.collect()).rejects.toMatchObject({ code: 'cannot-collect' });
    await kill(child);
    await expect(target.read()).rejects.toMatchObject({ code: 'target-ended' });
    expect(() => watchPid(child.pid!)).toThrow(/there is no process/);
    expect(() => watchPid(-1)).toThrow(/pid is -1/);
  });
});

describe('a worker', () => {
  const program = `
    const { parentPort } = require('node:worker_threads');
    let kept;
    parentPort.on('message', (bytes) => { kept = bytes && new Array(bytes / 8).fill(1.5); parentPort.postMessage('done'); });
    parentPort.postMessage('up');`;
  const said = (worker: Worker): Promise<unknown> => new Promise((resolve) => worker.once('message', resolve));

  it('tells its own heap, not that of its neighbours', async () => {
    const [one, two] = [new Worker(program, { eval: true }), new Worker(program, { eval: true })];
    cleanup.add(0, () => Promise.all([one.terminate(), two.terminate()]));
    await Promise.all([said(one), said(two)]);
    const targets = [opened(await watchWorker(one)), opened(await watchWorker(two))] as const;
    expect(targets[0].segment).not.toBe(targets[1].segment);
    const before = [await targets[0].collect(), await targets[1].collect()] as const;
    two.postMessage(10 * megabytes);
    await said(two);
    const after = [await targets[0].collect(), await targets[1].collect()] as const;
    expect(Math.abs(after[0].heapData! - before[0].heapData!)).toBeLessThan(megabytes / 4);
    expect((after[1].heapData! - before[1].heapData!) / megabytes).toBeCloseTo(10, 0);
    expect(after[0].rss).toBeUndefined();
    await one.terminate();
    await expect(targets[0].read()).rejects.toMatchObject({ code: 'target-ended' });
    await expect(watchWorker(one)).rejects.toMatchObject({ code: 'no-inspector' });
  });
});

describe('this process', () => {
  it('is read and collected without flags', async () => {
    const target = opened(thisProcess());
    const before = await target.collect();
    const kept = new Array<number>(megabytes).fill(1.5);
    const after = await target.collect();
    expect((after.heapData! - before.heapData!) / megabytes).toBeCloseTo(8, 0);
    expect(kept).toHaveLength(megabytes);
    expect(target.pid).toBe(process.pid);
  });
});
