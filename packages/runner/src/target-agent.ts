/** Where the agents of an observed target keep what they tell: the name of a variable of its environment. */
export const vitalsName = 'PERFKEEL_VITALS';

/**
 * The program that is preloaded into every process of Node of an observed target, as text: CommonJS for any version, since
 * it is the target's Node that runs it. Four times a second it writes down what the process has done since it began,
 * under the names of OpenTelemetry: processor time, how long the event loop was busy, how long something would have had to
 * wait for it, garbage collections, and the heap. The longest collections stand in comments, each with its begin in
 * milliseconds of the wall clock and with how many it took.
 *
 * It keeps nothing alive, listens nowhere, and takes its timers and functions before the program can replace them. It costs
 * less than half a per cent of one processor. What goes wrong inside of it is not the target's business.
 */
export const targetAgentSource = `'use strict';
(() => {
  try {
    const folder = process.env.${vitalsName};
    if (folder === undefined || !require('worker_threads').isMainThread) return;
    const { renameSync, writeFileSync } = require('fs');
    const { join } = require('path');
    const { performance, PerformanceObserver } = require('perf_hooks');
    const { getHeapStatistics } = require('v8');
    const file = join(folder, process.pid + '.prom');
    const [tickMs, ticksPerPage, mostMissed, mostFailed] = [50, 5, 1000, 20];
    const [longMs, mostPauses] = [5, 64];
    const bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
    const createTimes = () => ({ sum: 0, counts: new Array(bounds.length + 1).fill(0) });
    const record = (times, seconds) => {
      times.sum += seconds;
      const at = bounds.findIndex((bound) => seconds <= bound);
      times.counts[at < 0 ? bounds.length : at] += 1;
    };
    const [delays, collections] = [createTimes(), createTimes()];
    const pauses = [];
    const keep = (entries) => {
      for (const { startTime, duration } of entries) {
        record(collections, duration / 1000);
        if (duration < longMs) continue;
        pauses.push([performance.timeOrigin + startTime, duration]);
        if (pauses.length > mostPauses) pauses.sort((a, b) => b[1] - a[1]).pop();
      }
    };
    const observer = new PerformanceObserver((list) => keep(list.getEntries()));
    observer.observe({ entryTypes: ['gc'] });
    const histogram = (name, { sum, counts }) => {
      let all = 0;
      const buckets = counts.map((count, i) => {
        all += count;
        return name + '_bucket{le="' + (i < bounds.length ? bounds[i] : '+Inf') + '"} ' + all;
      });
      return ['# TYPE ' + name + ' histogram', ...buckets, name + '_sum ' + sum, name + '_count ' + all];
    };
    const page = () => {
      if (observer.takeRecords) keep(observer.takeRecords());
      const { active, idle } = performance.eventLoopUtilization();
      const { user, system } = process.cpuUsage();
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      return [
        '# TYPE nodejs_eventloop_time_seconds counter',
        'nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"} ' + active / 1000,
        'nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="idle"} ' + idle / 1000,
        '# TYPE process_cpu_seconds counter',
        'process_cpu_seconds_total ' + (user + system) / 1e6,
        '# TYPE v8js_memory_heap_used_bytes gauge',
        'v8js_memory_heap_used_bytes ' + used,
        '# TYPE v8js_memory_heap_limit_bytes gauge',
        'v8js_memory_heap_limit_bytes ' + limit,
        ...histogram('nodejs_eventloop_delay_seconds', delays),
        ...histogram('v8js_gc_duration_seconds', collections),
        ...pauses.map(([at, took]) => '# collection ' + at.toFixed(3) + ' ' + took.toFixed(3)),
        '# EOF',
        '',
      ].join('\\n');
    };
    let due = performance.now() + tickMs;
    let ticks = 0;
    let failed = 0;
    const timer = setInterval(() => {
      try {
        const now = performance.now();
        // Whatever came while the loop was held up had to wait as well, the later the less.
        for (let late = now - due, missed = 0; missed < mostMissed && (missed === 0 || late > 0); missed++) {
          record(delays, Math.max(late, 0) / 1000);
          late -= tickMs;
        }
        due = now + tickMs;
        ticks += 1;
        if (ticks % ticksPerPage !== 0) return;
        // Whoever reads never sees half a page.
        writeFileSync(file + '.new', page());
        renameSync(file + '.new', file);
        failed = 0;
      } catch {
        // A file that somebody reads cannot be replaced on every system: the next page will do.
        if (++failed >= mostFailed) clearInterval(timer);
      }
    }, tickMs);
    timer.unref();
  } catch {
    // An older Node, or one that may not write: nothing is told.
  }
})();
`;
