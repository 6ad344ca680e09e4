/**
 * Do reports of pull requests say what the pull requests did? A real repository of three packages with five branches:
 * one slows a function by 12 %, one only touches docs, one bumps a dev dependency, one makes a function faster, and one
 * renames variables in all three, so that everything is measured and nothing is slower. Each is compared with `main` by
 * the command line, as a pull request would be: no report may blame what did not change, and what changed is to be named.
 *
 *     node tools/accuracy/comparison-pull-requests.mjs --minutes 6                  measures, adds up, and reports
 *     node tools/accuracy/comparison-pull-requests.mjs --minutes 6 --only renamed
 *     node tools/accuracy/comparison-pull-requests.mjs                              reports on what was measured so far
 *
 * Beside it stands what the command took beside the rounds themselves: reading perf files, checking base out, looking at
 * the machine, deciding. Long comparisons spend relatively less on that than these short ones.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { pressure, printTable, root } from './fresh-process.mjs';

const folder = fileURLToPath(new URL('.data/', import.meta.url));
const file = `${folder}comparison-pull-requests.ndjson`;
const same = { total: 'identical', shout: 'identical', order: 'identical' };
const expected = {
  slower: { ...same, total: 'regressed' },
  docs: same,
  'dev-dependency': same,
  faster: { ...same, shout: 'improved' },
  renamed: { total: 'unchanged', shout: 'unchanged', order: 'unchanged' },
};
const slowdown = 0.12;

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '0' }, only: { type: 'string' } },
});
const minutes = Number(options.minutes);
if (!(minutes >= 0) || (options.only !== undefined && !(options.only in expected))) {
  console.error(`--minutes takes a number, --only one of ${Object.keys(expected).join(', ')}`);
  process.exit(2);
}

// Inside the package, so that its package.json and the workspace's packages are where they are for a user.
const outdir = join(root, `packages/cli/.from-source-${process.pid}`);

async function buildFromSource() {
  const common = { absWorkingDir: root, bundle: true, format: 'esm', platform: 'node', target: 'node20', outdir };
  const outside = (args) => (args.path.startsWith('@perfkeel/') ? undefined : { path: args.path, external: true });
  const plugin = {
    name: 'own-packages-inside',
    setup: (it) =>
      it.onResolve({ filter: /^[^./]/ }, (args) => (args.kind === 'entry-point' ? undefined : outside(args))),
  };
  await build({
    ...common,
    entryPoints: [
      'packages/cli/src/bin.ts',
      'packages/runner/src/harness.ts',
      'packages/runner/src/supervisor.ts',
      'packages/cli/test/shop-repository.ts',
    ],
    entryNames: '[name]',
    splitting: true,
    conditions: ['@perfkeel/source'],
    plugins: [plugin],
    logLevel: 'error',
  });
  return await import(pathToFileURL(join(outdir, 'shop-repository.js')).href);
}

/** Other names for the same variables, in every package. */
function addRenamed(shop) {
  shop.git('checkout', '--quiet', '-b', 'renamed', 'main');
  for (const name of ['prices', 'words', 'orders']) {
    const source = join(shop.root, 'packages', name, 'src/index.ts');
    const renamed = readFileSync(source, 'utf8').replaceAll(/\b(sum|text)\b/g, 'renamed');
    writeFileSync(source, renamed);
  }
  shop.git('commit', '--quiet', '--all', '--message', 'renamed');
}

/** What is said of the wrong one, or of a change that is none. */
const isFalse = (wanted, said) => (said === 'regressed' || said === 'improved') && said !== wanted;

async function compare(shop, pullRequest) {
  shop.checkout(pullRequest);
  const env = {
    ...{ PATH: process.env.PATH, LANG: 'C.UTF-8', TMPDIR: shop.temporary },
    PERFKEEL_CONDITIONS: '@perfkeel/source',
  };
  const [began, before] = [performance.now(), pressure()];
  const settings = { cwd: shop.root, env, maxBuffer: 2 ** 28, timeout: 900_000 };
  const words = [join(outdir, 'bin.js'), 'compare', '--against', 'main', '--json', '--verbose'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, settings).catch((error) => error);
  const { comparisons } = JSON.parse(stdout).comparison;
  const decisions = Object.fromEntries(comparisons.map(({ benchmark, decision }) => [benchmark, decision]));
  const beside = /beside the rounds, without building: ([+-]?[\d.]+) %/.exec(stderr)?.[1];
  const wanted = expected[pullRequest];
  return {
    ...{ pullRequest, decisions, pressure: [before, pressure()] },
    right: Object.entries(wanted).every(([name, decision]) => decisions[name] === decision),
    alarm: Object.entries(wanted).some(([name, decision]) => isFalse(decision, decisions[name])),
    overhead: beside === undefined ? null : Number(beside),
    rounds: comparisons.reduce((sum, { head, screening }) => sum + head.length + (screening?.head.length ?? 0), 0),
    seconds: (performance.now() - began) / 1000,
  };
}

async function collect(until) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.gitignore`, '*\n');
  const { createShopRepository } = await buildFromSource();
  const shop = createShopRepository(join(root, 'node_modules'), slowdown, '300ms');
  const names = options.only === undefined ? Object.keys(expected) : [options.only];
  try {
    addRenamed(shop);
    // By turns, going on where the last time ended.
    for (let next = measuredSoFar().length; Date.now() < until; next++) {
      const result = await compare(shop, names[next % names.length]);
      appendFileSync(file, `${JSON.stringify(result)}\n`);
    }
  } finally {
    shop.remove();
  }
}

const measuredSoFar = () =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function report() {
  const results = measuredSoFar();
  if (results.length === 0) {
    console.log('nothing was measured so far: --minutes 6');
    return;
  }
  const table = [
    ['pull request', 'reports', 'false alarms', 'as expected', 'undecided', 'rounds', 'seconds', 'beside the rounds'],
  ];
  for (const pullRequest of Object.keys(expected)) {
    const these = results.filter((result) => result.pullRequest === pullRequest);
    if (these.length === 0) continue;
    const count = (holds) => String(these.filter(holds).length);
    const besides = these.flatMap(({ overhead }) => (overhead === null ? [] : [overhead]));
    table.push([
      pullRequest,
      String(these.length),
      count(({ alarm }) => alarm),
      count(({ right }) => right),
      count(({ decisions }) => Object.values(decisions).includes('inconclusive')),
      String(middle(these.map(({ rounds }) => rounds))),
      middle(these.map(({ seconds }) => seconds)).toFixed(1),
      besides.length === 0 ? '-' : `${middle(besides).toFixed(1)} %`,
    ]);
  }
  printTable(table);
  const alarms = results.filter(({ alarm }) => alarm).length;
  const pressures = results.flatMap((result) => result.pressure);
  console.log(
    `\n${alarms} of ${results.length} reports blame or praise what did not change (${100 * slowdown} % slower)`,
  );
  console.log('rounds a side of all benchmarks, seconds and time beside the rounds: medians');
  console.log(`processor pressure: ${Math.min(...pressures)} to ${Math.max(...pressures)} %`);
  console.log(JSON.stringify({ slowdown, results }));
}

try {
  if (minutes > 0) await collect(Date.now() + minutes * 60_000);
  report();
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
