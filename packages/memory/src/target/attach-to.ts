import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError, messageOf, usageError } from '@perfkeel/core';
import { agentTarget } from './agent-target.ts';
import { expectLoopback, findInspector, isClosed, type FoundInspector } from './inspector/find-inspector.ts';
import { InspectorCalls, evaluate, injectAgent, type InspectorPost } from './inspector/inspector-agent.ts';
import { openWebSocket } from './inspector/web-socket.ts';
import type { MemoryTarget } from './memory-target.ts';
import { expectProcess } from './process-facts.ts';
import { late, within } from './timer.ts';
import { noticeEnd } from './watch-pid.ts';

/** Whoever was attached before may be closing the inspector: it is there, takes no more calls, and opens again at once. */
const mostTries = 4;
const betweenTriesMs = 250;
const attachMs = 5000;
const closeMs = 1000;
const waitMs = 25;

export interface AttachOptions {
  /** A process of Node on this machine, also one that was started without `--inspect`. */
  readonly pid?: number | undefined;
  /** Where its inspector listens, as Node prints it: `ws://127.0.0.1:9229/…`. */
  readonly inspectorUrl?: string | undefined;
}

/**
 * Attaches to a program that runs, over its inspector. Where there is none, it is opened by a signal, on a loopback
 * address, and closed again by `close`. One that is just being closed is opened anew.
 *
 * @throws PerfError `no-inspector`, `no-such-process`, `process-not-ours`; `bad-target` with exit code 2.
 */
export async function attachTo({ pid, inspectorUrl }: AttachOptions): Promise<MemoryTarget> {
  if (pid === undefined && inspectorUrl === undefined) {
    const hint = 'Write attachTo({ pid: 1234 }).';
    throw usageError('attachTo needs a pid or an inspectorUrl', { code: 'bad-target', hint, excerpt: 'attachTo(' });
  }
  if (inspectorUrl !== undefined) expectLoopback(inspectorUrl);
  if (pid !== undefined) expectProcess(pid);
  if (pid === process.pid) {
    const hint = 'Use thisProcess(): a process cannot wait for its own inspector.';
    throw usageError('attachTo was given this very process', { code: 'bad-target', hint, excerpt: 'pid' });
  }
  if (inspectorUrl !== undefined) return attachOver({ url: inspectorUrl, opened: false }, pid);
  for (let tries = 1; ; tries++) {
    try {
      return await attachOver(await findInspector(pid!), pid);
    } catch (error) {
      if (tries === mostTries || !isBrokenOff(error)) throw error;
      await sleep(betweenTriesMs);
      expectProcess(pid!);
    }
  }
}

async function attachOver({ url, opened }: FoundInspector, pid: number | undefined): Promise<MemoryTarget> {
  const line = await connect(url);
  try {
    const target = await within(attachMs, targetOver(line, pid, { url, opened }));
    if (target !== late) return target;
  } catch (error) {
    line.close();
    throw error instanceof PerfError ? error : unreachable(url, error);
  }
  line.close();
  throw notAnswered(url);
}

/** The connection was refused or ended: not the answer of another process, and no silence. */
const isBrokenOff = (error: unknown): boolean =>
  error instanceof PerfError && error.code === 'no-inspector' && error.cause !== undefined;

const notAnswered = (url: string): PerfError =>
  new PerfError(`the inspector at ${url} gave no answer within ${attachMs / 1000} s`, {
    code: 'no-inspector',
    hint: 'Its event loop is blocked or stopped: attach once it turns, or read it from outside with watchPid(pid).',
  });

interface Line {
  readonly post: InspectorPost;
  readonly close: () => void;
}

async function connect(url: string): Promise<Line> {
  const socket = await openWebSocket(url).catch((error: unknown) => Promise.reject(unreachable(url, error)));
  const calls = new InspectorCalls((text) => socket.send(text));
  socket.onText = (text) => calls.receive(text);
  // A program of Node that wants to exit waits until its inspector has been let go.
  calls.onEvent = (method) => {
    if (method === 'NodeRuntime.waitingForDisconnect') socket.close();
  };
  void socket.closed.then(() => calls.end());
  return { post: calls.post, close: () => socket.close() };
}

const unreachable = (url: string, error: unknown): PerfError =>
  new PerfError(`the inspector at ${url} cannot be used: ${messageOf(error)}`, {
    code: 'no-inspector',
    hint: 'The program may have ended, closed its inspector, or lost the port to another one: attachTo({ pid }) finds the right one, and opens it again.',
    cause: error,
  });

async function targetOver(
  { post, close }: Line,
  expected: number | undefined,
  { url, opened }: FoundInspector,
): Promise<MemoryTarget> {
  const pid = Number(await evaluate(post, 'process.pid'));
  if (expected !== undefined && pid !== expected) {
    throw new PerfError(`the inspector that answers is that of process ${pid}, not of ${expected}`, {
      code: 'no-inspector',
      hint: `End the other one, or start the target with --inspect=127.0.0.1:0.`,
    });
  }
  const segment = expectProcess(pid);
  if (!opened) {
    // Whoever did may have asked already that it be closed.
    await sleep(2 * closesAfterMs);
    await evaluate(post, '0');
  }
  const call = await injectAgent(post);
  await post('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
  const end = noticeEnd(pid, segment);
  return agentTarget({
    kind: 'attached',
    what: `process ${pid}`,
    pid,
    segment,
    call,
    ended: end.ended,
    close: async () => {
      end.stop();
      // It may have ended long ago, or be stopped.
      await within(closeMs, Promise.all([call('watch', false), call('release')])).catch(() => undefined);
      if (opened) await within(closeMs, evaluate(post, closeInspector)).catch(() => undefined);
      close();
      for (let waits = 0; opened && waits < closeMs / waitMs && !isClosed(pid, url); waits++) await sleep(waitMs);
    },
  });
}

/** A moment later: it waits for its connections to be closed, and ours is the one that asks. */
const closesAfterMs = 100;
const closeInspector = `void setTimeout(() => process.getBuiltinModule('node:inspector').close(), ${closesAfterMs}).unref()`;
