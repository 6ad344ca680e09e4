// Workspaces of other package managers than npm: packs the packages, lets each manager install them in a repository of two
// packages outside of this one, and measures there: everything, what a change affects, and this branch against main, with
// equal and with changed lock files.
//
//   node tools/package-managers/run.mjs [name …] [--keep]
//
//   name      pnpm, yarn-1, yarn-4, yarn-4-pnp; all of them without a name
//   --keep    leaves the folders for inspection
//
//   PACKAGE_MANAGERS=folder   where pnpm, yarn and @yarnpkg/cli-dist are installed already
//
// The packages must be built. The managers and what the packages need come over the network: without one nothing is shown,
// and it says so.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execute } from '../consumer-test/execute.mjs';
import { createSteps } from '../consumer-test/steps.mjs';
import { createShop } from './shop.mjs';
import { managers, placeProgram } from './managers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
const names = positionals.length === 0 ? Object.keys(managers) : positionals;
const stranger = names.find((name) => managers[name] === undefined);
if (stranger !== undefined) {
  console.error(`there is no ${stranger}; known are ${Object.keys(managers).join(', ')}`);
  process.exit(2);
}

const { step, finish } = createSteps();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-managers-')));

/** The folder in which the package managers are installed; `undefined` without a network. */
async function installManagers() {
  if (process.env.PACKAGE_MANAGERS) return process.env.PACKAGE_MANAGERS;
  const programs = ['pnpm@10', 'yarn@1', '@yarnpkg/cli-dist@4'];
  try {
    const words = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...programs];
    await execute('npm', words, { cwd: folder, timeout: 180_000 });
    return folder;
  } catch (error) {
    if (!/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|network/.test(error.message)) throw error;
    console.log(
      `\n${'='.repeat(80)}\nSKIPPED: no network, so that nothing was shown about ${names.join(', ')}\n${'='.repeat(80)}`,
    );
    return undefined;
  }
}

/** Every package that is published, as a tarball. Returns their names and files. */
async function pack() {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const found = readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'dist')));
  for (const name of found) {
    const words = ['pack', '--ignore-scripts', '--pack-destination', tarballs];
    await execute('npm', words, { cwd: join(root, 'packages', name) });
  }
  const manifests = found.map((name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')));
  const fileOf = ({ name, version }) => join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  return Object.fromEntries(manifests.map((manifest) => [manifest.name, fileOf(manifest)]));
}

async function main() {
  const programs = await installManagers();
  if (programs === undefined) return;
  const tarballs = await step('pack', pack);
  if (tarballs === undefined) return;
  for (const name of names) {
    const manager = managers[name];
    const shop = await step(`${name}: install`, async () => {
      const path = placeProgram(manager, programs, join(folder, `${name}-bin`));
      return await createShop({ folder: join(folder, name), manager, path, tarballs });
    });
    if (shop === undefined) continue;
    for (const [what, work] of shop.steps) await step(`${name}: ${what}`, work);
  }
}

try {
  await main();
} finally {
  if (flags.keep) console.log(`kept ${folder}`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
finish();
