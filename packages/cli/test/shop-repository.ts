import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real repository of three packages, as a team would have it, with one branch for each pull request. */
export interface ShopRepository {
  readonly root: string;
  /** Where checkouts of base go: beside the repository, so that they see the same packages above them. */
  readonly temporary: string;
  git(...words: readonly string[]): string;
  checkout(pullRequest: PullRequest): void;
  remove(): void;
}

export type PullRequest = 'slower' | 'docs' | 'dev-dependency' | 'faster';

const perfFile = (from: string, call: string, name: string, time: string): string => `
import { bench } from '@perfkeel/latency';
import { ${name} } from '${from}';
bench('${name}', { run: () => ${call}, time: '${time}' });
`;

const prices = (share: number): string => `
export function total(count: number): number {
  let sum = 0;
  for (let i = 0; i < count * ${share}; i++) sum += Math.sqrt(i);
  return sum;
}
export const cents = (price: number): number => Math.round(price * 100);
`;

const words = (separator: string): string => `
export function shout(pieces: readonly string[]): string {
  let text = '';
  for (const piece of pieces) text += ${separator};
  return text.toUpperCase();
}
`;

/** The slow way upper-cases everything once more for each piece. */
const slowly = "piece.toUpperCase().toLowerCase().toUpperCase() + '-'";
const quickly = "piece + '-'";

const manifest = (tool: string): string =>
  JSON.stringify({
    ...{ name: 'shop', private: true, type: 'module', workspaces: ['packages/*'] },
    devDependencies: { 'house-style': `file:vendor/house-style-${tool}.tgz` },
  });

const filesOf = (time: string): Record<string, string> => ({
  '.gitignore': 'node_modules\n.perf\n',
  'package.json': manifest('1.0.0'),
  'docs/guide.md': 'How to shop.\n',
  'packages/prices/src/index.ts': prices(1),
  'packages/prices/src/prices.perf.ts': perfFile('@shop/prices', 'total(10_000)', 'total', time),
  'packages/words/src/index.ts': words(slowly),
  'packages/words/src/words.perf.ts': perfFile(
    './index.ts',
    "shout(['one', 'two', 'three', 'four', 'five'])",
    'shout',
    time,
  ),
  // Takes a function from a package of which another function gets slower.
  'packages/orders/src/index.ts': `
import { cents } from '@shop/prices';
export function order(prices: readonly number[]): number {
  let sum = 0;
  for (const price of prices) sum += cents(price);
  return sum;
}
`,
  'packages/orders/src/orders.perf.ts': perfFile('./index.ts', 'order([1.5, 2.5, 3.5])', 'order', time),
});

const packages = ['prices', 'words', 'orders'];
const packageOf = (name: string): string =>
  JSON.stringify({ name: `@shop/${name}`, version: '1.0.0', type: 'module', exports: './src/index.ts' });

/** @param slowdown how much more one function does in the pull request `slower`: 0.12 is 12 % */
export function createShopRepository(modules: string, slowdown: number, time: string): ShopRepository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')));
  const [root, temporary] = [join(folder, 'shop'), join(folder, 'temporary')];
  symlinkSync(modules, join(folder, 'node_modules'), 'junction');
  mkdirSync(temporary);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const git = (...args: readonly string[]): string => run('git', '-c', 'user.name=a', '-c', 'user.email=a@b', ...args);
  const commit = (message: string): void => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };
  const branch = (name: PullRequest, change: () => void): void => {
    git('checkout', '--quiet', '-b', name, 'main');
    change();
    commit(name);
  };
  for (const [name, text] of Object.entries(filesOf(time))) write(name, text);
  for (const name of packages) write(`packages/${name}/package.json`, packageOf(name));
  for (const version of ['1.0.0', '1.1.0']) packTool(root, version);
  git('init', '--quiet', '--initial-branch', 'main');
  write('package-lock.json', lockFile(root, '1.0.0'));
  install(root);
  commit('first');
  branch('slower', () => write('packages/prices/src/index.ts', prices(1 + slowdown)));
  branch('docs', () => write('docs/guide.md', 'How to shop well.\n'));
  branch('faster', () => write('packages/words/src/index.ts', words(quickly)));
  branch('dev-dependency', () => {
    write('package.json', manifest('1.1.0'));
    write('package-lock.json', lockFile(root, '1.1.0'));
  });
  return {
    ...{ root, temporary, git },
    checkout: (pullRequest) => void git('checkout', '--quiet', pullRequest),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What npm writes down for this workspace, and installs base from. */
function lockFile(root: string, version: string): string {
  const archive = `vendor/house-style-${version}.tgz`;
  const integrity = `sha512-${createHash('sha512')
    .update(readFileSync(join(root, archive)))
    .digest('base64')}`;
  const { name, workspaces, devDependencies } = JSON.parse(manifest(version)) as Record<string, unknown>;
  const own = packages.flatMap((one) => [
    [`node_modules/@shop/${one}`, { resolved: `packages/${one}`, link: true }],
    [`packages/${one}`, { name: `@shop/${one}`, version: '1.0.0' }],
  ]);
  return JSON.stringify({
    ...{ name, lockfileVersion: 3, requires: true },
    packages: {
      '': { name, workspaces, devDependencies },
      'node_modules/house-style': { version, resolved: `file:${archive}`, integrity, dev: true },
      ...(Object.fromEntries(own) as object),
    },
  });
}

/** As npm leaves it behind, without its seconds. */
function install(root: string): void {
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, '@shop'), { recursive: true });
  for (const name of packages) symlinkSync(join('../../packages', name), join(modules, '@shop', name));
  execFileSync('tar', ['-xzf', join(root, 'vendor/house-style-1.0.0.tgz'), '-C', modules]);
  renameSync(join(modules, 'package'), join(modules, 'house-style'));
}

/** A package as a registry would hand it out. */
function packTool(root: string, version: string): void {
  const folder = mkdtempSync(join(root, 'pack-'));
  mkdirSync(join(folder, 'package'));
  mkdirSync(join(root, 'vendor'), { recursive: true });
  writeFileSync(join(folder, 'package/package.json'), JSON.stringify({ name: 'house-style', version }));
  execFileSync('tar', ['-czf', join(root, `vendor/house-style-${version}.tgz`), '-C', folder, 'package']);
  rmSync(folder, { recursive: true });
}
