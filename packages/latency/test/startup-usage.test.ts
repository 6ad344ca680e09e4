import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLauncher, plainLauncher } from '../src/startup/create-launcher.ts';
import { leanInterpreter } from '../src/startup/lean-launcher.ts';
import { measureStarts } from '../src/startup/measure-startup.ts';
import { planStartup, type StartupSubject } from '../src/startup/plan-startup.ts';
import type { Start } from '../src/startup/time-one-start.ts';
import { programWriter, temporaryFolder } from './programs.ts';

const folder = temporaryFolder();
const program = programWriter(folder);
const ms = 1e6;

const launchers = { best: createLauncher, plain: plainLauncher } as const;

async function oneStart(subject: StartupSubject, launcher: keyof typeof launchers): Promise<Start> {
  const { starts } = await measureStarts(planStartup({ samples: 1, ...subject }), { seed: 3 }, launchers[launcher]);
  return starts[0]!;
}

const file = (name: string): string => join(folder, name);
const written = <T>(name: string): T => JSON.parse(readFileSync(file(name), 'utf8')) as T;

/** Works for some processor time, and writes down what it had by then: a lower bound of the truth, and close to it. */
const worker = (name: string, workMs: number): string => `
  import { writeFileSync } from 'node:fs';
  const work = (ms) => {
    const start = process.cpuUsage().user;
    for (let x = 0; process.cpuUsage().user - start < ms * 1e3; x++) Math.sqrt(x);
  };
  work(${workMs});
  const touched = Buffer.alloc(40e6, 1);
  const note = () => writeFileSync(${JSON.stringify(file(name))}, JSON.stringify(process.resourceUsage()));
  note();
`;

interface Noted {
  readonly userCPUTime: number;
  readonly systemCPUTime: number;
  readonly maxRSS: number;
}

function expectNoted(start: Start, { userCPUTime, systemCPUTime, maxRSS }: Noted, behindMs = 0): void {
  const noted = (userCPUTime + systemCPUTime) * 1e3;
  // It goes on after its note: it ends, or says that it is ready. Waiting for a processor counts for nothing.
  expect(start.cpuTime!).toBeGreaterThan(noted - (behindMs + 1) * ms);
  expect(start.cpuTime!).toBeLessThan(noted * 1.2 + 40 * ms);
  expect(start.userTime! + start.systemTime!).toBeCloseTo(start.cpuTime!, 0);
  expect(start.userTime!).toBeGreaterThan(userCPUTime * 1e3 * 0.7);
  expect(start.maxRss! / (maxRSS * 1024)).toBeGreaterThan(0.97);
  expect(start.maxRss! / (maxRSS * 1024)).toBeLessThan(1.15);
}

describe.each(['best', 'plain'] as const)('what a start takes, by the %s launcher:', (launcher) => {
  test('until its exit', async () => {
    const command = program(`exit-${launcher}`, worker(`exit-${launcher}.json`, 60));
    const start = await oneStart({ command }, launcher);
    expectNoted(start, written(`exit-${launcher}.json`));
    expect(start.startupTime).toBeGreaterThan(60 * ms);
  });

  test('until it is ready', async () => {
    const source = `${worker(`ready-${launcher}.json`, 60)}
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const start = await oneStart({ command: program(`ready-${launcher}`, source), ready: /ready/ }, launcher);
    expectNoted(start, written(`ready-${launcher}.json`), launcher === 'plain' ? 10 : 0);
  });

  test('with what it has started, alive or waited for', async () => {
    const child = program(
      `child-${launcher}`,
      `${worker(`child-${launcher}.json`, 60)}
      process.send?.('done');
      if (process.send) process.on('message', () => {});`,
    );
    const source = `
      import { fork, spawnSync } from 'node:child_process';
      spawnSync(process.execPath, [${JSON.stringify(child[1])}]);
      const child = fork(${JSON.stringify(child[1])}, { stdio: 'ignore' });
      child.on('message', () => console.log('ready'));
      setInterval(() => {}, 1000);`;
    const start = await oneStart({ command: program(`parent-${launcher}`, source), ready: /ready/ }, launcher);
    const { userCPUTime, maxRSS } = written<Noted>(`child-${launcher}.json`);
    // Two children that worked, and the parent; those that have ended are known in steps of 10 ms.
    expect(start.cpuTime!).toBeGreaterThan(userCPUTime * 1e3 + 70 * ms);
    expect(start.maxRss! / (maxRSS * 1024)).toBeGreaterThan(0.97);
  });

  test('nothing beyond what it wants: no memory, hardly any work', async () => {
    const start = await oneStart({ command: ['true'] }, launcher);
    if (launcher === 'plain') return expect(start).not.toHaveProperty('cpuTime');
    expect(start.cpuTime!).toBeLessThan(15 * ms);
    expect(start.maxRss!).toBeLessThan(10e6);
  });
});

test('a hook reaches the Node programs that a program starts, and leaves their own options', async () => {
  const child = program('hooked', worker('hooked.json', 40));
  const source = `
    import { spawnSync } from 'node:child_process';
    if (!process.env.NODE_OPTIONS.startsWith('--no-warnings --require ')) process.exit(9);
    process.exit(spawnSync(process.execPath, [${JSON.stringify(child[1])}]).status);`;
  const subject = { command: program('hooking', source), env: { NODE_OPTIONS: '--no-warnings' } };
  const start = await oneStart(subject, 'plain');
  const { userCPUTime } = written<Noted>('hooked.json');
  expect(start.cpuTime!).toBeGreaterThan(userCPUTime * 1e3 + 10 * ms);
});

// On other platforms there is only one launcher.
describe.runIf(leanInterpreter())('a program cannot tell the lean launcher from a plain start:', () => {
  test('environment, files, signals, limits, arguments', async () => {
    const look = `
      { env | sort; ls /proc/self/fd; grep Sig /proc/$$/status | grep -v SigQ; ulimit -a; pwd; umask; echo "$@"; } > "$0"`;
    const seen = async (launcher: keyof typeof launchers): Promise<string> => {
      const path = file(`seen-${launcher}`);
      const command = ['sh', '-c', look, path, 'ä b', '', '--', '-e'];
      await oneStart({ command, cwd: folder, env: { PORT: '{port}', ODD: 'a=b\nc', LC_ALL: 'no_NO' } }, launcher);
      return readFileSync(path, 'utf8').replace(/^PORT=\d+$/m, 'PORT');
    };
    const [best, plain] = [await seen('best'), await seen('plain')];
    expect(best).toContain('ODD=a=b');
    expect(best).toContain('ä b  -- -e');
    expect(best).toBe(plain);
  });

  test('how it ends', async () => {
    const outcome = (command: readonly string[], launcher: keyof typeof launchers): Promise<string> =>
      oneStart({ command, env: { LC_ALL: 'no_NO' } }, launcher).then(
        () => 'well',
        ({ message }: Error) => message,
      );
    for (const [command, expected] of [
      [['sh', '-c', 'exit 3'], 'it exited with code 3'],
      [['sh', '-c', 'kill -SEGV $$'], 'it was ended by SIGSEGV'],
      [['sh', '-c', 'kill -KILL $$'], 'it was ended by SIGKILL'],
      [['no-such-program-here'], 'it could not be started (spawn no-such-program-here ENOENT)'],
      [[folder], 'it could not be started'],
    ] as const) {
      const best = await outcome(command, 'best');
      expect(best).toContain(expected);
      expect(best).toContain('its stderr is empty');
      expect(best).toBe(await outcome(command, 'plain'));
    }
  });
});
