// Keeps the newest run as the baseline of this example, without what names a machine or a folder of it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const here = (path) => new URL(path, import.meta.url);
const run = JSON.parse(await readFile(here('.perf/latest/run.json'), 'utf8'));

run.environment.host = '';
for (const benchmark of run.plan.benchmarks) delete benchmark.location;

/** Four digits are more than any measurement has, and half the file. */
const shortened = (_, value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

await mkdir(here('baselines'), { recursive: true });
await writeFile(here('baselines/main.json'), `${JSON.stringify(run, shortened, 2)}\n`);
console.log(`baselines/main.json is now run ${run.id}`);
