/**
 * Where does `perfkeel compare` spend what it does not spend in rounds? The smallest whole pull request there is: one
 * function of one package of three that got slower, compared with `main` by the command line, as a person would do it.
 *
 *     node tools/accuracy/comparison-overhead.mjs --runs 4
 *     node tools/accuracy/comparison-overhead.mjs --runs 4 --beside ../other    in turns with another checkout of this repository
 *     node tools/accuracy/comparison-overhead.mjs --runs 4 --rounds 6           as short as a comparison can be
 *
 * Perf files import packages as they are built, as those of users do: build first. `in all` is everything from the start
 * of the command to its end without rounds, as a share of them: the start of Node, reading perf files, checking base out,
 * looks at the machine, deciding, writing reports, tidying up.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { pressure, printTable } from './fresh-process.mjs';
import { buildFromSource, root } from './from-source.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '4' },
    rounds: { type: 'string' },
    beside: { type: 'string' },
    'pull-request': { type: 'string', default: 'slower' },
  },
});
/** Of the time of the rounds, in %, without building. */
const bar = 15;
const runs = Number(options.runs);
if (!(runs >= 1)) {
  console.error('--runs takes a number of comparisons of each checkout');
  process.exit(2);
}

/** The command line of a checkout, with its helper processes beside it. */
async function buildCommand(checkout) {
  const folder = realpathSync(mkdtempSync(join(checkout, 'packages/cli/.from-source-')));
  const inside = {
    name: 'own-packages-inside',
    setup: (it) =>
      it.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
        kind === 'entry-point' || path.startsWith('@perfkeel/') ? undefined : { path, external: true },
      ),
  };
  const entryPoints = [
    'cli/src/bin.ts',
    'cli/test/shop-repository.ts',
    'runner/src/harness.ts',
    'runner/src/supervisor.ts',
  ];
  await buildFromSource({
    ...{ absWorkingDir: checkout, outdir: folder, entryNames: '[name]', splitting: true, plugins: [inside] },
    entryPoints: entryPoints.map((file) => `packages/${file}`),
  });
  return folder;
}

const units = { ms: 1, s: 1000, min: 60_000 };
const milliseconds = (text, pattern) => {
  const [, value, unit] = new RegExp(`${pattern} ([\\d.]+) (ms|s|min)`).exec(text) ?? [];
  return value === undefined ? 0 : Number(value) * units[unit];
};

async function compare(folder, shop) {
  const env = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    TMPDIR: shop.temporary,
  };
  const settings = { cwd: shop.root, env, maxBuffer: 2 ** 28, timeout: 900_000 };
  const rounds = options.rounds === undefined ? [] : ['--rounds', options.rounds];
  const words = [join(folder, 'bin.js'), 'compare', '--against', 'main', '--verbose', ...rounds];
  rmSync(join(shop.root, '.perf'), { recursive: true, force: true });
  const [began, before] = [performance.now(), pressure()];
  const { stderr } = await promisify(execFile)(process.execPath, words, settings).catch((error) => error);
  const totalMs = performance.now() - began;
  const roundsMs = milliseconds(stderr, '\\d+ rounds');
  if (roundsMs === 0) throw new Error(`nothing was measured:\n${stderr}`);
  return {
    roundsMs,
    rounds: Number(/(\d+) rounds /.exec(stderr)[1]),
    reading: milliseconds(stderr, 'reading perf files'),
    checkout: milliseconds(stderr, 'checking base out'),
    packages: milliseconds(stderr, 'packages copied'),
    between: milliseconds(stderr, 'between them'),
    beside: Number(/beside the rounds, without building: ([+-]?[\d.]+) %/.exec(stderr)[1]),
    all: (100 * (totalMs - roundsMs)) / roundsMs,
    rest: totalMs - roundsMs,
    pressure: [before, pressure()],
  };
}

const middle = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
};

function report(results) {
  const seconds = (list, key) => `${(middle(list.map((one) => one[key])) / 1000).toFixed(2)} s`;
  const share = (list, key) => `${middle(list.map((one) => one[key])).toFixed(1)} %`;
  const rows = [
    [
      'medians of',
      'comparisons',
      'rounds',
      'in them',
      'reading',
      'checkout',
      'packages',
      'between',
      'beside',
      'in all',
    ],
  ];
  for (const [name, list] of Object.entries(results)) {
    rows.push([
      ...[name, String(list.length), String(middle(list.map(({ rounds }) => rounds))), seconds(list, 'roundsMs')],
      ...['reading', 'checkout', 'packages', 'between'].map((key) => seconds(list, key)),
      ...[share(list, 'beside'), share(list, 'all')],
    ]);
  }
  printTable(rows);
  const pressures = Object.values(results).flatMap((list) => list.flatMap((one) => one.pressure));
  console.log(`processor pressure: ${Math.min(...pressures)} to ${Math.max(...pressures)} %`);
  const own = results['this checkout'].map(({ beside }) => beside);
  const met = middle(own) <= bar;
  console.log(
    `beside the rounds: ${own.map((one) => `${one} %`).join(', ')}; median ${middle(own).toFixed(1)} %, bar ${bar} %: ${met ? 'met' : 'not met'}`,
  );
  console.log(JSON.stringify({ node: process.version, results }));
  process.exitCode = met ? 0 : 1;
}

const checkouts = { 'this checkout': root };
if (options.beside !== undefined) checkouts.beside = resolve(options.beside);
const folders = {};
let shop;
try {
  for (const [name, checkout] of Object.entries(checkouts)) folders[name] = await buildCommand(checkout);
  const { createShopRepository } = await import(
    pathToFileURL(join(folders['this checkout'], 'shop-repository.js')).href
  );
  shop = createShopRepository(join(root, 'node_modules'), 0.12, '300ms');
  shop.checkout(options['pull-request']);
  const results = Object.fromEntries(Object.keys(checkouts).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    const names = Object.keys(checkouts);
    for (const name of run % 2 === 0 ? names : names.reverse()) results[name].push(await compare(folders[name], shop));
  }
  report(results);
} finally {
  shop?.remove();
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
}
