/**
 * Do reports of pull requests say what the pull requests did? A real repository of three packages with four branches:
 * one slows a function by 12 %, one only touches docs, one bumps a dev dependency, one makes a function faster. Each is
 * compared with `main` by the command line, as a pull request would be, and its report must name exactly that.
 *
 *     node tools/accuracy/comparison-pull-requests.mjs              once, about a minute on a quiet machine
 *     node tools/accuracy/comparison-pull-requests.mjs --times 10 --slowdown 0.05
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { pressure, printTable, root } from './fresh-process.mjs';

const { values: options } = parseArgs({
  options: { times: { type: 'string', default: '1' }, slowdown: { type: 'string', default: '0.12' } },
});
const [times, slowdown] = [Number(options.times), Number(options.slowdown)];
if (!(Number.isInteger(times) && times > 0 && slowdown > 0)) {
  console.error('--times takes a whole number, --slowdown a share such as 0.12');
  process.exit(2);
}

const same = { total: 'identical', shout: 'identical', order: 'identical' };
const expected = {
  slower: { ...same, total: 'regressed' },
  docs: same,
  'dev-dependency': same,
  faster: { ...same, shout: 'improved' },
};

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

async function compare(shop, pullRequest) {
  shop.checkout(pullRequest);
  const env = {
    ...{ PATH: process.env.PATH, LANG: 'C.UTF-8', TMPDIR: shop.temporary },
    PERFKEEL_CONDITIONS: '@perfkeel/source',
  };
  const began = performance.now();
  const settings = { cwd: shop.root, env, maxBuffer: 2 ** 28, timeout: 900_000 };
  const words = [join(outdir, 'bin.js'), 'compare', '--against', 'main', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, words, settings).catch((error) => error);
  const { comparisons } = JSON.parse(stdout).comparison;
  const decisions = Object.fromEntries(comparisons.map(({ benchmark, decision }) => [benchmark, decision]));
  const measured = comparisons.find(({ effect }) => effect !== undefined);
  return {
    pullRequest,
    right: Object.entries(expected[pullRequest]).every(([name, decision]) => decisions[name] === decision),
    decisions,
    effect: measured?.effect.value,
    rounds: measured === undefined ? 0 : measured.head.length + (measured.screening?.head.length ?? 0),
    seconds: (performance.now() - began) / 1000,
  };
}

async function main() {
  const { createShopRepository } = await buildFromSource();
  const shop = createShopRepository(join(root, 'node_modules'), slowdown, '300ms');
  const [before, results] = [pressure(), []];
  try {
    for (let i = 0; i < times; i++) {
      for (const pullRequest of Object.keys(expected)) results.push(await compare(shop, pullRequest));
    }
  } finally {
    shop.remove();
  }
  const percent = (effect) => (effect === undefined ? 'not measured' : `${(100 * effect).toFixed(1)} %`);
  printTable([
    ['pull request', 'as expected', 'said', 'effect', 'rounds a side', 'seconds'],
    ...results.map(({ pullRequest, right, decisions, effect, rounds, seconds }) => [
      pullRequest,
      right ? 'yes' : 'NO',
      Object.entries(decisions)
        .filter(([, decision]) => decision !== 'identical')
        .map((pair) => pair.join(' '))
        .join(', ') || 'all identical',
      percent(effect),
      String(rounds),
      seconds.toFixed(1),
    ]),
  ]);
  const right = results.filter((result) => result.right).length;
  console.log(`\n${right} of ${results.length} reports say exactly what the pull request did (${slowdown} slower)`);
  console.log(`processor pressure: ${before} % before, ${pressure()} % after`);
  console.log(JSON.stringify({ slowdown, results }));
}

try {
  await main();
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
