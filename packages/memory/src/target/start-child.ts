import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError } from '@perfkeel/core';
import { agentFdName, preloadSource } from './agent-source.ts';
import { agentTarget } from './agent-target.ts';
import { planChild, type ChildOptions, type ChildPlan } from './child-plan.ts';
import { createLineCall, type LineCall } from './line-call.ts';
import type { MemoryTarget, TargetEnd } from './memory-target.ts';
import { OutputTail } from './output-tail.ts';
import { readFromOutside, segmentOf, startOf } from './process-facts.ts';
import { cannotCollect, targetEnded } from './target-error.ts';

/** A program that we started. */
export interface ChildTarget extends MemoryTarget {
  readonly kind: 'child';
  /** What `ready` matched: a group of it may be a port. */
  readonly said: RegExpExecArray | undefined;
}

/** What a child is started through, such as a control group: words that stand before its own. */
export interface ChildWrapper {
  readonly before?: readonly string[] | undefined;
  /** Also of a child that never became ready. */
  readonly onEnd?: ((end: TargetEnd) => void) | undefined;
}

const agentFd = 3;

/**
 * Starts a program and waits until it runs, or says that it is ready. A program of Node gets an agent preloaded that
 * reads and collects; its code, arguments and `process.send` stay as they are. The child is ended by `close`, and asked
 * to end when this process is gone.
 *
 * @throws PerfError `target-not-ready` with the end of its stderr; `bad-target` with exit code 2.
 * @example
 * const target = await startChild({ module: 'server.js', ready: /listening on (\d+)/ });
 * const url = `http://127.0.0.1:${target.said?.[1]}`;
 */
export const startChild = async (options: ChildOptions): Promise<ChildTarget> => startWrapped(planChild(options), {});

/** Not public: limits start children inside of something. */
export async function startWrapped(plan: ChildPlan, { before = [], onEnd }: ChildWrapper): Promise<ChildTarget> {
  const agent = plan.isNode ? writeAgent() : undefined;
  const own = [plan.program, ...(agent ? ['--require', agent.file] : []), ...plan.execArgv, ...plan.args];
  const [program, ...args] = [...before, ...own] as [string, ...string[]];
  const child = spawn(program, args, {
    cwd: plan.cwd,
    env: { ...process.env, ...plan.env, ...(agent ? { [agentFdName]: String(agentFd) } : {}) },
    stdio: ['ignore', 'pipe', 'pipe', ...(agent ? (['pipe'] as const) : [])],
    windowsHide: true,
  });
  const stderr = new OutputTail(child.stderr);
  const ended = untilEnd(child, stderr);
  void ended.then((end) => {
    agent?.remove();
    onEnd?.(end);
  });
  const close = (): Promise<void> => endChild(child, ended, plan.stopMs);
  try {
    const line = agent ? createLineCall(child.stdio[agentFd] as Duplex) : undefined;
    const said = await becomeReady(plan, child, line, ended);
    return { ...targetOf(plan, child.pid!, { ended, close, line }), kind: 'child', said };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A folder of its own, which lives as long as the child: its threads load the file too. */
function writeAgent(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-agent-'));
  const file = join(folder, 'agent.cjs');
  writeFileSync(file, preloadSource);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** After its streams have ended too, so that all of its stderr is there. */
function untilEnd(child: ChildProcess, stderr: OutputTail): Promise<TargetEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ how: `could not be started: ${error.message}` }));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      const finish = (): void =>
        resolve({ code: code ?? undefined, signal: signal ?? undefined, how, stderr: stderr.text.trimEnd() });
      // Grandchildren may hold its streams open.
      const patience = setTimeout(finish, 500);
      child.once('close', () => {
        clearTimeout(patience);
        finish();
      });
    });
  });
}

async function endChild(child: ChildProcess, ended: Promise<TargetEnd>, stopMs: number): Promise<void> {
  if (child.pid === undefined) return;
  const isRunning = child.exitCode === null && child.signalCode === null;
  if (isRunning) child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await ended;
  clearTimeout(patience);
}

async function becomeReady(
  plan: ChildPlan,
  child: ChildProcess,
  line: LineCall | undefined,
  ended: Promise<TargetEnd>,
): Promise<RegExpExecArray | undefined> {
  const stop = new AbortController();
  const { signal } = stop;
  const notReady = (how: string, stderr = ''): PerfError => notReadyError(plan, how, stderr);
  try {
    const started = Promise.all([plan.ready && untilSaid(child, plan.ready), line ? line.hello : untilSpawned(child)]);
    const [said] = await Promise.race([
      started,
      ended.then(({ how, stderr }) => Promise.reject(notReady(how, stderr))),
      sleep(plan.startMs, undefined, { signal }).then(() => Promise.reject(notReady('took too long'))),
    ]);
    return said;
  } finally {
    stop.abort();
    child.stdout?.removeAllListeners('data');
    child.stdout?.resume();
  }
}

/** Never settles when it cannot be spawned: that is its end. */
const untilSpawned = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once('spawn', resolve));

function untilSaid(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  const fresh = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return new Promise((resolve) => {
    let line = '';
    child.stdout!.setEncoding('utf8');
    child.stdout!.on('data', (chunk: string) => {
      const lines = (line + chunk).split('\n');
      line = lines.pop()!;
      const found = lines.map((each) => fresh.exec(each)).find((match) => match !== null);
      if (found) resolve(found);
    });
  });
}

function notReadyError({ what, ready }: ChildPlan, how: string, stderr: string): PerfError {
  const expected = ready === undefined ? 'a program that runs' : `a line on stdout that matches ${String(ready)}`;
  const { message } = targetEnded(what, { how: `${how}; expected ${expected}`, stderr });
  return new PerfError(message.replace(' while its memory was measured', ''), {
    code: 'target-not-ready',
    hint: 'Run it by hand; module, command, cwd, env, ready and startTimeout say what is run and waited for.',
  });
}

interface ChildParts {
  readonly ended: Promise<TargetEnd>;
  readonly close: () => Promise<void>;
  readonly line: LineCall | undefined;
}

function targetOf({ what }: ChildPlan, pid: number, { ended, close, line }: ChildParts): MemoryTarget {
  const segment = segmentOf(pid, startOf(pid) ?? 'unknown');
  if (line !== undefined) return agentTarget({ kind: 'child', what, pid, segment, call: line.call, ended, close });
  let end: TargetEnd | undefined;
  void ended.then((how) => (end = how));
  return {
    kind: 'child',
    pid,
    segment,
    canCollect: false,
    ended,
    close,
    read: (options) =>
      end === undefined
        ? Promise.resolve({
            ...readFromOutside(pid, options?.detailed),
            answered: false,
            collections: [],
            dropped: 0,
          })
        : Promise.reject(targetEnded(what, end)),
    collect: () => Promise.reject(cannotCollect(what)),
    watchCollections: () => Promise.resolve(),
  };
}
