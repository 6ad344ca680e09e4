/**
 * The part of an agent that asks the worker threads of its own thread, as text: each has a heap of its own, which only the
 * inspector reaches without a change to the program. An expression; the function gets something that returns built-in
 * modules, and the agent as text, which is sent into every thread. Threads that those have started are counted with them.
 *
 * A thread that does not answer, because it is blocked, counts as it was; its answer counts for the next time. Nothing is
 * told where no thread has ever answered.
 */
export const threadsSource = `(get, agent) => {
  'use strict';
  const { setTimeout, clearTimeout } = get('node:timers');
  const threads = new Map();
  const waiting = new Map();
  const patienceMs = 1000;
  const shortPatienceMs = 20;
  const attachMs = 10;
  const expression = '(' + agent + ')((name) => process.getBuiltinModule(name))';
  let session;
  let next = 1;
  const forget = (sessionId) => {
    threads.delete(sessionId);
    for (const [id, each] of waiting) {
      if (each.sessionId !== sessionId) continue;
      waiting.delete(id);
      each.done();
    }
  };
  const post = (sessionId, method, params) =>
    new Promise((done) => {
      const id = next++;
      waiting.set(id, { sessionId, done });
      const message = JSON.stringify({ id, method, params });
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message }, (error) => error && forget(sessionId));
    });
  const attached = ({ params: { sessionId } }) =>
    threads.set(sessionId, { inside: undefined, bytes: undefined, isLate: false, pending: undefined });
  const received = ({ params: { message } }) => {
    const { id, result } = JSON.parse(message);
    const { done } = waiting.get(id) || {};
    waiting.delete(id);
    if (done) done(result);
  };
  // Those that were there before are found by looking once; one that begins later says so, and takes a while to be there.
  let hasLooked = false;
  let isExpected = false;
  const channel = 'worker_threads';
  const began = () => void (isExpected = true);
  get('node:diagnostics_channel').subscribe(channel, began);
  const open = async () => {
    const { Session } = get('node:inspector');
    session = new Session();
    session.connect();
    session.on('NodeWorker.attachedToWorker', attached);
    session.on('NodeWorker.detachedFromWorker', ({ params }) => forget(params.sessionId));
    session.on('NodeWorker.receivedMessageFromWorker', received);
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, () => undefined);
    hasLooked = true;
    await new Promise((done) => setTimeout(done, attachMs));
    // The engine's own bookkeeping of an open session blurs what is alive: none is kept for threads that there are not.
    if (threads.size === 0 && !isExpected) close();
  };
  const close = () => {
    if (session) session.disconnect();
    session = undefined;
    threads.clear();
    waiting.clear();
  };
  const ask = async (sessionId, thread) => {
    if (thread.inside === undefined) {
      const evaluated = await post(sessionId, 'Runtime.evaluate', { expression });
      // One that has only begun may not know its modules yet: it is asked again the next time.
      if (!evaluated || evaluated.exceptionDetails) return;
      thread.inside = evaluated.result.objectId;
    }
    const functionDeclaration = 'function () { return this.collect(); }';
    const call = { objectId: thread.inside, functionDeclaration, awaitPromise: true, returnByValue: true };
    const answer = await post(sessionId, 'Runtime.callFunctionOn', call);
    const told = answer && answer.result && answer.result.value;
    if (told) thread.bytes = told.heapData + Math.max(told.external, told.arrayBuffers) + (told.threads || 0);
  };
  const collectAll = async () => {
    if (session === undefined) await open();
    if (threads.size === 0) return undefined;
    const answers = [...threads].map(([sessionId, thread]) => {
      thread.pending = thread.pending || ask(sessionId, thread).then(() => (thread.pending = undefined));
      return thread.pending;
    });
    const isPatient = [...threads.values()].some(({ isLate }) => !isLate);
    let timer;
    const late = new Promise((done) => (timer = setTimeout(done, isPatient ? patienceMs : shortPatienceMs)));
    await Promise.race([Promise.all(answers), late]);
    clearTimeout(timer);
    let bytes;
    for (const thread of threads.values()) {
      thread.isLate = thread.pending !== undefined;
      if (thread.bytes !== undefined) bytes = (bytes || 0) + thread.bytes;
    }
    return bytes;
  };
  // Where there are no threads nothing is done, not even a promise made: it would be seen in what is alive.
  const collect = () => (session || isExpected || !hasLooked ? collectAll().catch(() => undefined) : undefined);
  const release = () => {
    close();
    get('node:diagnostics_channel').unsubscribe(channel, began);
  };
  return { collect, release };
}`;
