/**
 * How long a dashboard of a long history takes, and how much memory: series with steps and drifts, a project at a time, through
 * the analysis and the pages into files.
 *
 *     node tools/accuracy/dashboard-speed.mjs                          10 000 series of 1000 runs
 *     node tools/accuracy/dashboard-speed.mjs --series 1000 --runs 1000
 *
 * Needs built packages: npm run build.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { analyseHistory, describeTrend, seriesTitle } from '../../packages/baseline/dist/index.js';
import { createRng } from '../../packages/core/dist/index.js';
import { dashboardSite } from '../../packages/report/dist/index.js';

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '1000' },
    project: { type: 'string', default: '250' },
  },
});
const [total, runs, ofProject] = [Number(values.series), Number(values.runs), Number(values.project)];
const folder = mkdtempSync(join(tmpdir(), 'perfkeel-dashboard-speed-'));
const [timeLimit, memoryLimit] = [60, 1024];

const rng = createRng(42);
/** Normal deviates of variance about 1: what matters here is their scatter. */
const noise = () => rng() + rng() + rng() + rng() + rng() + rng() + rng() + rng() + rng() + rng() + rng() + rng() - 6;
const environment = {
  class: 'c0ffee00',
  host: 'bench-1',
  cpu: 'Reference CPU',
  os: 'linux 6.1',
  node: '20.20.0',
  v8: '11.3',
  memory: 16e9,
};
const moments = Array.from({ length: runs }, (_, i) => ({
  run: `RUN-${String(i).padStart(6, '0')}`,
  at: new Date(Date.UTC(2027, 0, 1) + i * 3_600_000).toISOString(),
  sha: (0x10000000 + i * 7919).toString(16).repeat(5),
  branch: 'main',
  dirty: false,
  rounds: 5,
}));

/** In turns: nothing happens, one step, two steps, a drift at the end, a metric that is often 0. */
function valuesOf(kind) {
  const [first, second] = [Math.floor(runs * (0.2 + 0.3 * rng())), Math.floor(runs * (0.6 + 0.3 * rng()))];
  return moments.map((_, i) => {
    const level = kind === 0 ? 1 : kind === 1 ? (i < first ? 1 : 1.15) : i < first ? 1 : i < second ? 1.3 : 1.1;
    const drift = kind === 3 && i > second ? 0.0005 * (i - second) : 0;
    if (kind === 4) return rng() < 0.9 ? 0 : Math.round(3 * rng());
    return 1e6 * ((kind === 3 ? 1 : level) + drift) * (1 + 0.02 * noise());
  });
}

const seriesOf = (project, i) => ({
  key: {
    ...{
      project,
      benchmark: `benchmark ${Math.floor(i / 2)}`,
      metric: 'response-time',
      statistic: i % 2 ? 'p99' : 'p50',
    },
    ...{ configuration: '{}', environment: environment.class, shape: 'latency ns lower', version: '' },
  },
  ...{ unit: 'ns', better: 'lower', limits: [{ source: 'p99 < 2ms', comparator: '<', value: 2e6 }] },
  // Value first: the other way round objects take three times the room of those that a store is read into.
  points: valuesOf(i % 5).map((value, at) => ({ value, ...moments[at] })),
});

/** Seconds of each step: on the clock, and of processors. */
const phases = () => ({ generate: 0, analyse: 0, render: 0, write: 0 });
const [took, spent] = [phases(), phases()];
const clocks = () => {
  const { user, system } = process.cpuUsage();
  return [performance.now() / 1000, (user + system) / 1e6];
};
let last = clocks();
const charge = (name) => {
  const now = clocks();
  took[name] += now[0] - last[0];
  spent[name] += now[1] - last[1];
  last = now;
};

const written = { files: 0, bytes: 0, changes: 0 };
function write(pages) {
  let some = [];
  for (const page of pages) {
    // Clocks cost more than a page is worth: read them for some together.
    if (some.push(page) < 50) continue;
    writeSome(some);
    some = [];
  }
  writeSome(some);
}

function writeSome(pages) {
  charge('render');
  for (const { path, text } of pages) {
    const file = join(folder, path);
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    written.files++;
    written.bytes += Buffer.byteLength(text);
  }
  charge('write');
}

/** A project of a store that was read and taken apart: what was read for it is not held any longer. */
function projectOf(project, count) {
  const series = Array.from({ length: count }, (_, i) => seriesOf(project, i));
  const places = moments.map(({ run, at }) => ({ run, at, project, environment }));
  charge('generate');
  const report = analyseHistory({ series, places, inventories: [] });
  const shown = report.series.map((trend) => ({ ...trend, title: seriesTitle(trend), notes: describeTrend(trend) }));
  written.changes += shown.reduce((sum, { changes }) => sum + changes.length, 0);
  charge('analyse');
  return shown;
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  });
}

try {
  for (const name of ['c', 'e', 's']) mkdirSync(join(folder, name));
  const environments = [{ id: environment.class, title: 'Reference CPU', runs, newest: moments.at(-1).at }];
  const site = dashboardSite({
    title: 'Performance',
    environments,
    events: [{ name: 'release/1.4', run: moments[10].run }],
  });
  for (let done = 0; done < total; done += ofProject) {
    write(site.add(projectOf(`project ${done / ofProject}`, Math.min(ofProject, total - done))));
  }
  write(site.finish());
  const built = ({ analyse, render, write }) => analyse + render + write;
  const [seconds, processor] = [built(took), built(spent)];
  const memory = process.resourceUsage().maxRSS / 1024;
  const line = (name, wall, cpu, more = '') =>
    console.log(`${name.padEnd(29)}${`${wall.toFixed(1)} s`.padStart(9)}${`${cpu.toFixed(1)} s`.padStart(12)}${more}`);
  console.log(`${total} series of ${runs} runs in projects of ${ofProject}, ${written.changes} changes found`);
  console.log('                             on the clock  processor');
  line('find changes and forecasts', took.analyse, spent.analyse);
  line('make the pages', took.render, spent.render);
  const index = Math.round(statSync(join(folder, 'index.html')).size / 1e3);
  const files = `   ${written.files} files, ${Math.round(written.bytes / 1e6)} MB, the index ${index} KB`;
  line('write them', took.write, spent.write, files);
  line('together', seconds, processor, `   ${((seconds / total) * 1e3).toFixed(2)} ms a series`);
  line('the data was made up in', took.generate, spent.generate);
  console.log(`peak memory                  ${String(Math.round(memory)).padStart(6)} MB`);
  const promised = Math.max(1, 10_000 / total);
  const [clock, work] = [seconds * promised, processor * promised];
  if (promised > 1) {
    const pace = `${clock.toFixed(0)} s on the clock, ${work.toFixed(0)} s of processor`;
    console.log(`at this pace 10 000 series of ${runs} runs take ${pace}`);
  }
  const kept = clock < timeLimit && memory < memoryLimit && runs >= 1000;
  const missed = [
    ...(clock < timeLimit ? [] : [`, by ${(clock - timeLimit).toFixed(0)} s on the clock`]),
    ...(memory < memoryLimit ? [] : [`, by ${(memory - memoryLimit).toFixed(0)} MB`]),
  ].join('');
  console.log(`10 000 series of 1000 runs within a minute and 1 GB: ${kept ? 'met' : `not met${missed}`}`);
  console.log(JSON.stringify({ series: total, runs, took, spent, seconds, processor, memory, ...written }));
  process.exitCode = kept ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
