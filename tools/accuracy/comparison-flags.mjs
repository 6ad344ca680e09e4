/**
 * Does `--no-concurrent-recompilation` change what a micro-benchmark reports? The same workloads in fresh processes with
 * and without it, in turns. Printed for each: how much longer an operation takes with it (Hodges-Lehmann ratio of the p10,
 * which is what comparisons go by, and of the median, with 95 % intervals), and how far processes are apart: the typical
 * distance of a process's p10 from the middle one.
 *
 *     node tools/accuracy/comparison-flags.mjs --rounds 8    measures, adds up in tools/accuracy/.data, and reports
 *     node tools/accuracy/comparison-flags.mjs               reports on what was measured so far
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleProcess, measureProcess, nodeFlags } from './comparison-process.mjs';
import { loadRules } from './comparison-replay.mjs';
import { workloads } from './comparison-workloads.mjs';
import { pressure, printTable, withFolder } from './fresh-process.mjs';

const folder = fileURLToPath(new URL('.data/', import.meta.url));
const file = `${folder}comparison-flags.ndjson`;
const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '0' } } });
const rounds = Number(options.rounds);
if (!(Number.isInteger(rounds) && rounds >= 0)) {
  console.error('--rounds takes a whole number');
  process.exit(2);
}
const { hodgesLehmannRatio, median } = await loadRules();
const ways = { without: [], with: nodeFlags };

async function measure(program) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.gitignore`, '*\n');
  for (let round = 0; round < rounds; round++) {
    for (const workload of workloads) {
      const order = Object.keys(ways);
      if (round % 2 === 1) order.reverse();
      for (const way of order) {
        const { quantiles } = await measureProcess(program, workload, 0, '300ms', ways[way]);
        appendFileSync(file, `${JSON.stringify({ workload, way, pressure: pressure(), quantiles })}\n`);
      }
    }
  }
}

const percent = (share) => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;

function ratioOf(without, other, index) {
  const of = (list) => list.map(({ quantiles }) => quantiles[index]);
  const { value, lo, hi } = hodgesLehmannRatio(of(without), of(other));
  return `${percent(value)} [${percent(lo)}, ${percent(hi)}]`;
}

function distance(list) {
  const values = list.map(({ quantiles }) => quantiles[2]);
  const middle = median(values);
  return percent(median(values.map((value) => Math.abs(value / middle - 1)))).replace('+', '');
}

function report() {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const rows = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  if (rows.length === 0) {
    console.log('nothing was measured so far: --rounds 8');
    return;
  }
  const table = [['', 'p10 with it', 'median with it', 'apart without', 'apart with it', 'processes each']];
  for (const workload of workloads) {
    const [without, other] = Object.keys(ways).map((way) =>
      rows.filter((row) => row.workload === workload && row.way === way),
    );
    table.push([
      workload,
      ratioOf(without, other, 2),
      ratioOf(without, other, 10),
      distance(without),
      distance(other),
      String(other.length),
    ]);
  }
  printTable(table);
  const pressures = rows.map((row) => row.pressure);
  console.log(`\nprocessor pressure while measuring: ${Math.min(...pressures)} to ${Math.max(...pressures)} %`);
  console.log(JSON.stringify({ processes: rows.length }));
}

if (rounds > 0) await withFolder('comparison', async (there) => measure(await bundleProcess(there)));
report();
