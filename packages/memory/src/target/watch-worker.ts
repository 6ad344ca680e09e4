import { Session } from 'node:inspector';
import type { Worker } from 'node:worker_threads';
import { PerfError, usageError } from '@perfkeel/core';
import { agentTarget } from './agent-target.ts';
import { InspectorCalls, evaluate, injectAgent, type InspectorPost } from './inspector/inspector-agent.ts';
import type { MemoryTarget, TargetEnd } from './memory-target.ts';
import { segmentOf, startOf } from './process-facts.ts';
import { within } from './timer.ts';

const attachMs = 5000;
const closeMs = 1000;

/**
 * A thread of this process, with a heap of its own; its code stays as it is. The resident set is not told: it is that
 * of the whole process.
 *
 * @throws PerfError `no-inspector` when it ended before or does not answer within 5 s; `bad-target` with exit code 2.
 */
export async function watchWorker(worker: Worker): Promise<MemoryTarget> {
  const threadId = (worker as Worker | undefined)?.threadId;
  if (typeof threadId !== 'number' || threadId === 0) {
    const hint = "Write watchWorker(new Worker('file.js')).";
    throw usageError('watchWorker needs a worker', { code: 'bad-target', hint, excerpt: 'watchWorker(' });
  }
  const what = `worker ${threadId}`;
  if (threadId < 0) throw noAnswer(what, 'has ended already');
  const ended = new Promise<TargetEnd>((resolve) =>
    worker.once('exit', (code) => resolve({ code, how: `exited with code ${code}` })),
  );
  const session = new Session();
  session.connect();
  try {
    const early = ended.then(({ how }) => Promise.reject(noAnswer(what, how)));
    const call = await Promise.race([early, postTo(session, threadId, what).then(injectAgent)]);
    return agentTarget({
      kind: 'worker',
      what,
      pid: process.pid,
      segment: `${segmentOf(process.pid, startOf(process.pid) ?? 'self')}-${threadId}`,
      call,
      ended,
      close: async () => {
        if (worker.threadId > 0)
          await within(closeMs, Promise.all([call('watch', false), call('release')])).catch(() => undefined);
        session.disconnect();
      },
    });
  } catch (error) {
    session.disconnect();
    throw error;
  }
}

const noAnswer = (what: string, why: string): PerfError =>
  new PerfError(`${what} ${why}, and cannot be watched`, {
    code: 'no-inspector',
    hint: 'Watch a worker once it is online, and while its event loop is not blocked.',
  });

interface Attached {
  readonly params: { readonly sessionId: string };
}
interface Received {
  readonly params: { readonly sessionId: string; readonly message: string };
}

/** All workers of the process are attached to; each is asked which it is, and the others are let go. */
async function postTo(session: Session, threadId: number, what: string): Promise<InspectorPost> {
  const lines = new Map<string, InspectorCalls>();
  session.on('NodeWorker.receivedMessageFromWorker', (received) => {
    const { params } = received as unknown as Received;
    lines.get(params.sessionId)?.receive(params.message);
  });
  const found = new Promise<InspectorPost>((resolve) => {
    session.on('NodeWorker.attachedToWorker', (attached) => {
      const { sessionId } = (attached as unknown as Attached).params;
      const calls = new InspectorCalls((message) =>
        session.post('NodeWorker.sendMessageToWorker', { message, sessionId }),
      );
      lines.set(sessionId, calls);
      const whoAreYou = `process.getBuiltinModule('node:worker_threads').threadId`;
      void evaluate(calls.post, whoAreYou).then((id) => {
        if (id === threadId) resolve(calls.post);
        else session.post('NodeWorker.detach', { sessionId });
      });
    });
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noAnswer(what, `did not answer within ${attachMs / 1000} s`)), attachMs);
  });
  return Promise.race([found, tooLate]).finally(() => clearTimeout(timer));
}
