import { PerfError, messageOf, usageError } from '@perfkeel/core';
import { agentTarget } from './agent-target.ts';
import { expectLoopback, findInspector } from './inspector/find-inspector.ts';
import { InspectorCalls, evaluate, injectAgent, type InspectorPost } from './inspector/inspector-agent.ts';
import { openWebSocket } from './inspector/web-socket.ts';
import type { MemoryTarget } from './memory-target.ts';
import { expectProcess } from './process-facts.ts';
import { late, within } from './timer.ts';
import { noticeEnd } from './watch-pid.ts';

const attachMs = 5000;
const closeMs = 1000;

export interface AttachOptions {
  /** A process of Node on this machine, also one that was started without `--inspect`. */
  readonly pid?: number | undefined;
  /** Where its inspector listens, as Node prints it: `ws://127.0.0.1:9229/…`. */
  readonly inspectorUrl?: string | undefined;
}

/**
 * Attaches to a program that runs, over its inspector. Where there is none, it is opened by a signal, on a loopback
 * address, and closed again by `close`.
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
  const { url, opened } = inspectorUrl === undefined ? await findInspector(pid!) : { url: inspectorUrl, opened: false };
  const line = await connect(url);
  try {
    const target = await within(attachMs, targetOver(line, pid, opened));
    if (target !== late) return target;
    throw new Error(`no answer within ${attachMs / 1000} s`);
  } catch (error) {
    line.close();
    throw error instanceof PerfError ? error : unreachable(url, error);
  }
}

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
    hint: 'The program may have ended, or another one has its port: attachTo({ pid }) finds the right one.',
    cause: error,
  });

async function targetOver({ post, close }: Line, expected: number | undefined, opened: boolean): Promise<MemoryTarget> {
  const pid = Number(await evaluate(post, 'process.pid'));
  if (expected !== undefined && pid !== expected) {
    throw new PerfError(`the inspector that answers is that of process ${pid}, not of ${expected}`, {
      code: 'no-inspector',
      hint: `End the other one, or start the target with --inspect=127.0.0.1:0.`,
    });
  }
  const segment = expectProcess(pid);
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
      await within(closeMs, call('watch', false)).catch(() => undefined);
      if (opened) await within(closeMs, evaluate(post, closeInspector)).catch(() => undefined);
      close();
    },
  });
}

/** A moment later: it waits for its connections to be closed, and ours is the one that asks. */
const closeInspector = `void setTimeout(() => process.getBuiltinModule('node:inspector').close(), 100).unref()`;
