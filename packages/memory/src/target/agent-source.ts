import { threadsSource } from './threads-source.ts';

/**
 * The part that works inside of a target, as text: it is preloaded into children, sent to processes over the
 * inspector, and evaluated in this process. An expression; the function gets something that returns built-in modules.
 *
 * It costs a target microseconds per reading, keeps at most 1000 collections, and keeps nothing alive. Timers are taken
 * when it begins: a program may replace them later.
 */
export const agentSource = `(function agent(get) {
  'use strict';
  const v8 = get('node:v8');
  const { performance, PerformanceObserver } = get('node:perf_hooks');
  const { setImmediate, setTimeout } = get('node:timers');
  const codeSpace = /^(?:code_|read_only_|trusted_|shared_trusted_)/;
  const notOld = /^(?:new_|read_only_)/;
  const most = 1000;
  const settleMs = 10;
  let kept = [];
  let dropped = 0;
  let observer;
  let gc;
  const threads = (${threadsSource})(get, String(agent));
  const keep = (entries) => {
    for (const { startTime, duration, detail } of entries) {
      if (kept.length < most) kept.push([startTime, duration, detail.kind, detail.flags]);
      else dropped += 1;
    }
  };
  const collector = () => {
    if (gc) return gc;
    gc = globalThis.gc;
    if (typeof gc === 'function') return gc;
    v8.setFlagsFromString('--expose-gc');
    const { runInNewContext } = get('node:vm');
    return runInNewContext && (gc = runInNewContext('gc'));
  };
  const read = () => {
    // Before anything else: what is asked for first makes the engine count a page of 256 KB as used that is not.
    const spaces = v8.getHeapSpaceStatistics();
    if (observer) keep(observer.takeRecords());
    const [collections, lost] = [kept, dropped];
    [kept, dropped] = [[], 0];
    const { heap_size_limit: heapLimit } = v8.getHeapStatistics();
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
    let heapData = 0;
    let heapOld = 0;
    for (const space of spaces) {
      if (!codeSpace.test(space.space_name)) heapData += space.space_used_size;
      if (!notOld.test(space.space_name)) heapOld += space.space_used_size;
    }
    const handles = {};
    for (const name of process.getActiveResourcesInfo()) handles[name] = (handles[name] || 0) + 1;
    const now = performance.now();
    return { now, heapData, heapOld, heapUsed, heapLimit, external, arrayBuffers, rss, handles, collections, dropped: lost };
  };
  const collect = async () => {
    let run;
    // An inspector asks in the midst of whatever runs: a module may be loaded by half.
    while (!(run = collector())) await new Promise((done) => setImmediate(done));
    run();
    // Finalisers run one turn later; buffers are freed on another thread, and counted by the second collection.
    await new Promise((done) => setImmediate(done));
    await new Promise((done) => setTimeout(done, settleMs));
    run();
    const told = read();
    // Only now: what asking leaves behind is collected the next time.
    const others = threads.collect();
    return { ...told, ...(others && (await others)) };
  };
  // Of a thread that is blocked: what it does is interrupted for it.
  const collectNow = () => {
    const run = collector();
    if (!run) return undefined;
    run();
    run();
    return { ...read(), ...(threads.count() > 0 && { silentThreads: threads.count() }) };
  };
  const release = () => threads.release();
  const watch = (on) => {
    if (observer) observer.disconnect();
    observer = undefined;
    [kept, dropped] = [[], 0];
    if (!on) return;
    observer = new PerformanceObserver((list) => keep(list.getEntries()));
    observer.observe({ entryTypes: ['gc'] });
  };
  const snapshot = (file) => void v8.writeHeapSnapshot(file);
  return { read, collect, collectNow, release, watch, snapshot };
})`;

/** File descriptor of the channel between a child's agent and us, told in the environment. */
export const agentFdName = 'PERFKEEL_AGENT_FD';

/**
 * The program that is preloaded into a child. It hides itself from the program proper: no argument, no variable, no
 * handle that keeps the process alive, and the channel of `process.send` stays free. Threads and processes that the
 * child starts do not answer on the channel. When the other end is gone, the child is asked to end.
 */
export const preloadSource = `'use strict';
const fd = process.env.${agentFdName};
delete process.env.${agentFdName};
if (fd !== undefined && require('node:worker_threads').isMainThread) {
  const at = process.execArgv.indexOf(__filename);
  if (at > 0) process.execArgv.splice(at - 1, 2);
  const agent = (${agentSource})(require);
  const socket = new (require('node:net').Socket)({ fd: Number(fd), readable: true, writable: true });
  const send = (message) => socket.write(JSON.stringify(message) + '\\n');
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('close', () => process.kill(process.pid, 'SIGTERM'));
  socket.on('data', (chunk) => {
    const lines = (text + chunk).split('\\n');
    text = lines.pop();
    for (const line of lines) {
      const { id, method, args } = JSON.parse(line);
      Promise.resolve()
        .then(() => agent[method](...args))
        .then((value) => send({ id, value }), (error) => send({ id, error: String(error) }));
    }
  });
  socket.unref();
  send({ hello: true });
}
`;
