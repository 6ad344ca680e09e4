/**
 * What does it cost to analyse a heap snapshot, against memlab on the same file, and do both find the same sizes?
 *
 *     node tools/accuracy/snapshot-cost.mjs              heaps of 50 and 200 MB, 3 turns each: about 3 minutes
 *     node tools/accuracy/snapshot-cost.mjs --mb 50 --turns 1
 *
 * Each reading is a process of its own: open, find retainers, dominators and retained sizes. Both take turns.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { readFileSync } from 'node:fs';
import { pressure, printTable, root, withFolder } from './fresh-process.mjs';
import { buildFromSource } from './from-source.mjs';

const { values } = parseArgs({
  options: { mb: { type: 'string', multiple: true, default: ['50', '200'] }, turns: { type: 'string', default: '3' } },
});
const turns = Number(values.turns);
const run = promisify(execFile);
const medianOf = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Objects, closures, arrays, texts and a Map, with references across. */
const heapProgram = `
const [mb, file] = process.argv.slice(1);
const kept = []; const byKey = new Map();
for (let i = 0; process.memoryUsage().heapUsed < mb * 1e6; ) {
  for (let k = 0; k < 5000; k++, i++) {
    const item = { id: i, name: 'item-' + i, tags: [i, i + 1], near: i % 7 === 0 ? kept[i >> 1] : null, self: () => item };
    kept.push(item);
    if (i % 3 === 0) byKey.set('key-' + i, { item });
  }
}
require('node:v8').writeHeapSnapshot(file);
globalThis.all = [kept, byKey];
`;

const ourProgram = `
import { writeFileSync } from 'node:fs';
import { openSnapshot } from './packages/memory/src/snapshot/open-snapshot.ts';
const [file, out] = process.argv.slice(2);
const began = performance.now();
const graph = await openSnapshot(file);
graph.retainedSize(0);
const seconds = (performance.now() - began) / 1000;
const bytes = process.resourceUsage().maxRSS * 1024;
const sizes = new Float64Array(graph.nodeCount);
for (let i = 0; i < sizes.length; i++) sizes[i] = graph.retainedSize(i);
writeFileSync(out, new Uint8Array(sizes.buffer));
process.stdout.write(JSON.stringify({ seconds, bytes }));
`;

const theirProgram = `
import { writeFileSync } from 'node:fs';
import heapAnalysis from '@memlab/heap-analysis';
const [file, out] = process.argv.slice(2);
const began = performance.now();
const heap = await heapAnalysis.getFullHeapFromFile(file);
const seconds = (performance.now() - began) / 1000;
const bytes = process.resourceUsage().maxRSS * 1024;
const sizes = new Float64Array(heap.nodes.length);
heap.nodes.forEach((node, i) => { sizes[i] = node.retainedSize; });
writeFileSync(out, new Uint8Array(sizes.buffer));
process.stderr.write(JSON.stringify({ seconds, bytes }));
process.exit(0);
`;

async function bundled(contents, outfile) {
  await buildFromSource({
    stdin: { contents, resolveDir: root, sourcefile: 'program.ts', loader: 'ts' },
    outfile,
    external: ['@memlab/heap-analysis'],
  });
  return outfile;
}

/** What a reading says about itself, which memlab's progress does not share. */
async function reading(program, file, out, folder) {
  const options = { cwd: folder, timeout: 120_000, maxBuffer: 2 ** 26 };
  const { stdout, stderr } = await run(process.execPath, ['--max-old-space-size=8192', program, file, out], options);
  return JSON.parse(/\{"seconds".*?\}/.exec(stdout + stderr)[0]);
}

const sizesOf = (file) => {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

const head = ['heap', 'nodes', 'time', 'memlab', 'share', 'RSS', 'memlab', 'share', 'over 1 KB apart'];
const table = [head];
let met = true;
await withFolder('snapshot-cost', async (folder) => {
  const ours = await bundled(ourProgram, join(folder, 'ours.mjs'));
  const theirs = await bundled(theirProgram, join(folder, 'theirs.mjs'));
  for (const mb of values.mb) {
    const file = join(folder, `${mb}.heapsnapshot`);
    await run(process.execPath, ['--eval', heapProgram, mb, file], { timeout: 120_000 });
    const [own, other] = [[], []];
    const outs = [join(folder, 'ours.bin'), join(folder, 'theirs.bin')];
    for (let turn = 0; turn < turns; turn++) {
      own.push(await reading(ours, file, outs[0], folder));
      other.push(await reading(theirs, file, outs[1], folder));
    }
    const [a, b] = outs.map(sizesOf);
    const apart = a.reduce((count, size, i) => count + (Math.abs(size - b[i]) > 1000 ? 1 : 0), 0);
    const ratio = (key) => medianOf(own.map((one, i) => one[key] / other[i][key]));
    const [time, rss] = [ratio('seconds'), ratio('bytes')];
    met &&= time <= 0.25 && rss <= 0.5 && a.length === b.length && apart <= 1e-4 * a.length;
    const median = (list, key) => medianOf(list.map((one) => one[key]));
    table.push([
      `${mb} MB`,
      String(a.length),
      `${median(own, 'seconds').toFixed(2)} s`,
      `${median(other, 'seconds').toFixed(2)} s`,
      `${(100 * time).toFixed(0)} %`,
      `${(median(own, 'bytes') / 1e6).toFixed(0)} MB`,
      `${(median(other, 'bytes') / 1e6).toFixed(0)} MB`,
      `${(100 * rss).toFixed(0)} %`,
      String(apart),
    ]);
  }
});
console.log(
  `Medians of ${turns} turns; shares are medians of pairs. Waiting for a processor: ${pressure() ?? 'unknown'} %.\n`,
);
printTable(table);
console.log(
  `\n${met ? 'Within' : 'NOT within'} the bar: 25 % of the time, 50 % of the RSS, 0.01 % of the nodes apart.`,
);
process.exitCode = met ? 0 : 1;
