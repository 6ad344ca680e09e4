/**
 * What the line about the progress of a load, once a second, costs the generator: processor time of a process that
 * sends at a rate, with the line formatted and sent to another process as the runner has it, against the same without.
 *
 * Pairs in turn, so that other work on the machine hits both sides; the median of their ratios is printed, with the
 * spread of what is no difference at all. Since a hundredth drowns in that, the line is also made a hundred times as
 * often, on a recorded second: that cost, as a share of the processor time of a second, is what is judged. Bar: at most
 * 1 %. The last line is JSON. About 50 seconds.
 *
 *     node tools/accuracy/progress-cost.mjs
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { importLoad, pressure, printTable, round } from './load-support.mjs';

const pairs = 6;
const rate = 500;
const seconds = 3;
const calls = 100;

const self = fileURLToPath(import.meta.url);

/** The generator: one run for each message, and its processor time as the answer, in milliseconds. */
async function generator() {
  const { generateLoad } = await importLoad();
  const cpu = () => process.cpuUsage().user / 1e3 + process.cpuUsage().system / 1e3;
  process.on('message', async ({ url, on }) => {
    let line = '';
    const onProgress = (text) => {
      line = text;
      process.send({ type: 'progress', text });
    };
    const before = cpu();
    await generateLoad({
      ...{ url, requests: { path: '/' }, rate: `${rate}/s`, for: `${seconds}s`, warmup: '0s' },
      ...(on ? { onProgress } : {}),
    });
    const used = cpu() - before;
    const extra = on ? await costOfLine(line, cpu) : 0;
    process.send({ type: 'used', used, extra });
  });
  process.send({ type: 'ready' });
}

/** Of one line more, made and sent: milliseconds of processor time. */
async function costOfLine(text, cpu) {
  const { progressLine, interval, profile } = await importProgressLine();
  const before = cpu();
  for (let i = 0; i < calls; i++) {
    await new Promise((sent) =>
      process.send({ type: 'progress', text: progressLine(profile, interval) || text }, sent),
    );
  }
  return (cpu() - before) / calls;
}

let imported;
function importProgressLine() {
  imported ??= (async () => {
    const { build } = await import('esbuild');
    const { root } = await import('./load-support.mjs');
    const { outputFiles } = await build({
      stdin: {
        contents: `export { progressLine } from './record/progress-line.ts'; export { planLoad } from './load-plan.ts';`,
        resolveDir: `${root}/packages/load/src`,
      },
      ...{ bundle: true, write: false, platform: 'node', format: 'esm', conditions: ['@perfkeel/source'] },
      external: ['autocannon', 'undici'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('" + self + "');" },
      logLevel: 'error',
    });
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
    const folder = mkdtempSync(`${root}/node_modules/.cache/progress-`);
    try {
      writeFileSync(`${folder}/line.mjs`, outputFiles[0].contents);
      const { progressLine, planLoad } = await import(`${folder}/line.mjs`);
      const { profile } = planLoad({ requests: { path: '/' }, rate: `${rate}/s`, for: '60s', warmup: '0s' });
      // A second of so many answers, each in a cell of its own: the worst that a line has to read.
      const cells = Array.from({ length: rate }, () => [3, 1]).flat();
      const histogram = { layout: 'hdr-3', count: rate, min: 3, max: 3 * rate, sum: rate, cells };
      const counts = { sent: rate, completed: rate, failed: 0, inFlight: 3, eventLoopUtilisation: 0.2 };
      const interval = { start: 5e9, end: 6e9, ...counts, responseTime: histogram, scheduleLag: histogram };
      return { progressLine, profile, interval };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  })();
  return imported;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main() {
  const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const child = fork(self, ['--generator'], { serialization: 'advanced' });
  const answer = (type) =>
    new Promise((resolve) => {
      const listen = (message) => {
        if (message.type !== type) return;
        child.off('message', listen);
        resolve(message);
      };
      child.on('message', listen);
    });
  const measure = async (on) => {
    child.send({ url, on });
    return answer('used');
  };
  try {
    await answer('ready');
    const busyBefore = pressure();
    // Compilation is no part of either side.
    await measure(true);
    const rows = [];
    for (let pair = 0; pair < pairs; pair++) {
      const first = await measure(pair % 2 === 0);
      const second = await measure(pair % 2 !== 0);
      const [on, off] = pair % 2 === 0 ? [first, second] : [second, first];
      rows.push({ on: on.used, off: off.used, line: on.extra });
    }
    printTable([
      ['with, ms', 'without, ms', 'ratio', 'one line, ms'],
      ...rows.map(({ on, off, line }) => [round(on, 1), round(off, 1), round(on / off), round(line, 3)]),
    ]);
    const ratio = median(rows.map(({ on, off }) => on / off));
    const share = median(rows.map(({ off, line }) => line / (off / seconds)));
    console.log(
      `ratio ${round(ratio)}; a line a second is ${round(100 * share, 2)} % of the generator's processor time`,
    );
    console.log(
      JSON.stringify({
        ...{ ratio: round(ratio, 4), share: round(share, 5), bar: 0.01, pass: share <= 0.01 },
        ...{ rate, seconds, pairs, pressure: [busyBefore, pressure()] },
      }),
    );
    process.exitCode = share <= 0.01 ? 0 : 1;
  } finally {
    child.disconnect();
    child.kill();
    server.closeAllConnections();
    server.close();
  }
}

await (process.argv.includes('--generator') ? generator() : main());
