/**
 * Holds `measureStartup` against hyperfine on the same commands, in turns: node tools/accuracy/startup-hyperfine.mjs
 *
 * A word behind it chooses the programs with this word in their name.
 *
 * Less than 2 minutes, or about 30 seconds with --short; more turns fit into them on a quiet machine. A table, and the same
 * as JSON on the last line. Of Node programs, whose start is what matters here, the medians are held to 3 %: `within` when
 * the whole interval of the ratio is, `outside` (and exit code 1) when none of it is, else `undecided`, as under load.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const short = process.argv.includes('--short');
const bar = 0.03;
const runsOfTurn = 3;
const leastTurns = 6;
const secondsInAll = short ? 24 : 105;
const folder = mkdtempSync(join(tmpdir(), 'perfkeel-accuracy-'));

/** The product from source, in one file. */
async function product() {
  const contents = `export * from '@perfkeel/core'; export { measureStartup } from '@perfkeel/latency';`;
  const outfile = join(folder, 'product.mjs');
  const stdin = { contents, resolveDir: join(root, 'packages/latency/src') };
  const conditions = ['@perfkeel/source'];
  await build({ stdin, outfile, conditions, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return import(outfile);
}

/** A program that does nothing at all, in C where there is a compiler. */
function smallProgram() {
  const [source, file] = [join(folder, 'nothing.c'), join(folder, 'nothing')];
  writeFileSync(source, 'int main(void) { return 0; }\n');
  try {
    execFileSync('cc', ['-O2', '-o', file, source], { stdio: 'ignore' });
    return { name: 'C: int main', command: [file], share: 0.1 };
  } catch {
    return { name: 'sh -c :', command: ['/bin/sh', '-c', ':'], share: 0.1 };
  }
}

const node = process.execPath;
const all = [
  { name: 'node -e 0', command: [node, '-e', '0'], share: 0.35, judged: true },
  {
    name: 'node, imports zod',
    command: [node, '--input-type=module', '-e', 'import "zod"'],
    share: 0.45,
    judged: true,
  },
  { name: 'true', command: ['/bin/true'], share: 0.1 },
  smallProgram(),
];
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const cases = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const shares = cases.reduce((sum, { share }) => sum + share, 0);

const { measureStartup, median, quantileRanks, sorted } = await product();

async function ours(command, seed) {
  const { starts } = await measureStartup({ command, cwd: root, samples: runsOfTurn, warmup: 1 }, { seed });
  const cpu = starts.flatMap(({ cpuTime }) => cpuTime ?? []);
  return { times: starts.map(({ startupTime }) => startupTime / 1e6), cpu: mean(cpu) / 1e6 };
}

const quoted = (word) => `'${word.replaceAll("'", `'\\''`)}'`;

async function hyperfines(command) {
  const json = join(folder, 'hyperfine.json');
  const options = ['-N', '--style', 'none', '--warmup', '1', '--runs', String(runsOfTurn), '--export-json', json];
  await promisify(execFile)('hyperfine', [...options, command.map(quoted).join(' ')], { cwd: root });
  const [{ times, user, system }] = JSON.parse(readFileSync(json, 'utf8')).results;
  return { times: times.map((seconds) => seconds * 1e3), cpu: (user + system) * 1e3 };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const pressure = () => Number(/avg10=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1]);

/** The median with the interval that holds in 95 % of such series. */
function middle(values) {
  const ascending = sorted(values);
  const { lo = 1, hi = ascending.length } = quantileRanks(ascending.length, 0.5, 0.975);
  return { value: median(ascending), lo: ascending[lo - 1], hi: ascending[hi - 1] };
}

async function compare({ name, command, share, judged = false }) {
  const sides = { ours: [], hyperfine: [] };
  const tools = [
    ['ours', () => ours(command, sides.ours.length)],
    ['hyperfine', () => hyperfines(command)],
  ];
  const end = performance.now() + ((secondsInAll * share) / shares) * 1e3;
  for (let turn = 0; turn < leastTurns || performance.now() < end; turn++) {
    // A B B A: neither is always the first after a pause.
    for (const [side, measure] of turn % 2 === 0 ? tools : [...tools].reverse()) sides[side].push(await measure());
  }
  const paired = (pick, combine) =>
    middle(sides.ours.map((own, turn) => combine(pick(own), pick(sides.hyperfine[turn]))));
  const wallOf = ({ times }) => median(sorted(times));
  const wall = paired(wallOf, (own, other) => own / other - 1);
  return {
    name,
    turns: sides.ours.length,
    ours: middle(sides.ours.flatMap(({ times }) => times)),
    hyperfine: middle(sides.hyperfine.flatMap(({ times }) => times)),
    // Neighbours in time share what the machine was doing, so each turn gives one ratio.
    wall,
    shiftMs: paired(wallOf, (own, other) => own - other),
    cpu: paired(
      ({ cpu }) => cpu,
      (own, other) => own / other - 1,
    ),
    ...(judged ? { verdict: verdictOf(wall) } : {}),
  };
}

function verdictOf({ lo, hi }) {
  if (lo >= -bar && hi <= bar) return 'within';
  return lo > bar || hi < -bar ? 'outside' : 'undecided';
}

const ms = ({ value, lo, hi }) => `${value.toFixed(2)} [${lo.toFixed(2)}, ${hi.toFixed(2)}]`;
const percent = ({ value, lo, hi }) => `${signed(value)} [${signed(lo)}, ${signed(hi)}] %`;
const signed = (share) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)}`;

try {
  const before = pressure();
  const results = [];
  for (const each of cases) {
    const result = await compare(each);
    results.push(result);
    console.log(
      `${result.name}: ${result.turns} turns of ${runsOfTurn} starts each${result.verdict ? `, ${result.verdict} 3 %` : ''}`,
    );
    console.log(`  ours ${ms(result.ours)} ms, hyperfine ${ms(result.hyperfine)} ms, median [95 %]`);
    console.log(`  wall ${percent(result.wall)}, that is ${ms(result.shiftMs)} ms; cpu ${percent(result.cpu)}`);
  }
  const [version] = execFileSync('hyperfine', ['--version'], { encoding: 'utf8' }).trim().split('\n');
  const load = { before, after: pressure() };
  console.log(
    JSON.stringify({ tool: 'startup-hyperfine', version, node: process.version, pressure: load, bar, results }),
  );
  if (results.some(({ verdict }) => verdict === 'outside')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
