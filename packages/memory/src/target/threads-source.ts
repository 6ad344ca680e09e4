/**
 * The part of an agent that asks the worker threads of its own thread, as text: each has a heap of its own, which only the
 * inspector reaches without a change to the program. An expression; the function gets something that returns built-in
 * modules, and the agent as text, which is sent into every thread. Threads that those have started are counted with them.
 *
 * A thread that is blocked, in a loop or in `Atomics.wait`, cannot wait for finalisers and buffers: it is asked once more,
 * for what it can tell in the midst of that. One that is blocked outside of JavaScript is silent: it counts as it was, and
 * is counted, too. Its answer counts for the next time.
 */
export const threadsSource = `(get, agent) => {
  'use strict';
  const { setTimeout, clearTimeout } = get('node:timers');
  const threads = new Map();
  const waiting = new Map();
  const patienceMs = 1000;
  // For an answer without which there is another way to ask, and for one that did not come the time before.
  const shortPatienceMs = 250;
  const leastPatienceMs = 20;
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
    threads.set(sessionId, {
      ...{ inside: undefined, bytes: undefined, isTold: false, isBlocked: false, isSilent: false },
      ...{ pending: undefined, now: undefined },
    });
  const received = ({ params: { message } }) => {
    const { id, result } = JSON.parse(message);
    const { done } = waiting.get(id) || {};
    waiting.delete(id);
    if (done) done(result);
  };
  // Those that were there before are found by looking, more than once: they may just begin. One that begins later says so.
  const mostLooks = 3;
  let looks = 0;
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
    looks += 1;
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
  const call = async (sessionId, thread, functionDeclaration, awaitPromise) => {
    const asked = { objectId: thread.inside, functionDeclaration, awaitPromise, returnByValue: true };
    const answer = await post(sessionId, 'Runtime.callFunctionOn', asked);
    const told = answer && answer.result && answer.result.value;
    if (!told) return;
    thread.bytes = told.heapData + Math.max(told.external, told.arrayBuffers) + (told.threads || 0);
    thread.isTold = !told.silentThreads;
  };
  const ask = async (sessionId, thread) => {
    if (thread.inside === undefined) {
      const evaluated = await post(sessionId, 'Runtime.evaluate', { expression });
      // One that has only begun may not know its modules yet: it is asked again the next time.
      if (!evaluated || evaluated.exceptionDetails) return;
      thread.inside = evaluated.result.objectId;
    }
    await call(sessionId, thread, 'function () { return this.collect(); }', true);
  };
  // A promise would not settle in a thread that is blocked.
  const askNow = async (sessionId, thread) => {
    if (thread.inside !== undefined) await call(sessionId, thread, 'function () { return this.collectNow(); }', false);
  };
  const within = async (ms, answers) => {
    let timer;
    const late = new Promise((done) => (timer = setTimeout(done, ms)));
    await Promise.race([Promise.all(answers), late]);
    clearTimeout(timer);
  };
  // Waits for those that answered the time before; the others have that time, too, and a little at least.
  const askAll = async (asked, ms, isHopeless, begin) => {
    const answers = asked.map(([sessionId, thread]) => [thread, begin(sessionId, thread)]);
    const of = (keep) => answers.filter(([thread]) => keep(thread)).map(([, answer]) => answer);
    const [soon, perhaps] = [of((thread) => !isHopeless(thread)), of(isHopeless)];
    if (soon.length > 0) await within(ms, soon);
    if (perhaps.length > 0) await within(leastPatienceMs, perhaps);
  };
  // One that answered at last is waited for again: a collection alone takes longer than the little time of the others.
  const settled = (thread) => {
    thread.pending = undefined;
    thread.isBlocked = false;
  };
  const settledNow = (thread) => {
    thread.now = undefined;
    thread.isSilent = false;
  };
  const collectAll = async () => {
    if (session === undefined) await open();
    if (threads.size === 0) return undefined;
    const asked = [...threads];
    for (const [, thread] of asked) thread.isTold = false;
    await askAll(
      asked,
      shortPatienceMs,
      ({ isBlocked }) => isBlocked,
      (id, thread) => (thread.pending = thread.pending || ask(id, thread).then(() => settled(thread))),
    );
    await askAll(
      asked.filter(([sessionId, thread]) => threads.has(sessionId) && !thread.isTold),
      patienceMs,
      ({ isSilent }) => isSilent,
      (id, thread) => (thread.now = thread.now || askNow(id, thread).then(() => settledNow(thread))),
    );
    let told = {};
    for (const thread of threads.values()) {
      thread.isBlocked = thread.pending !== undefined;
      thread.isSilent = !thread.isTold;
      if (thread.bytes !== undefined) told = { ...told, threads: (told.threads || 0) + thread.bytes };
      if (thread.isSilent) told = { ...told, silentThreads: (told.silentThreads || 0) + 1 };
    }
    return told;
  };
  // Where there are no threads nothing is done, not even a promise made: it would be seen in what is alive.
  const collect = () => (session || isExpected || looks < mostLooks ? collectAll().catch(() => undefined) : undefined);
  const release = () => {
    close();
    get('node:diagnostics_channel').unsubscribe(channel, began);
  };
  // Of those that it knows: it cannot ask any while it is blocked itself.
  const count = () => threads.size;
  return { collect, count, release };
}`;
