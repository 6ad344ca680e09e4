/** A repository of two packages, one of which uses the other, under one package manager. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { execute } from '../consumer-test/execute.mjs';

const perfFile = (name, call) => `import { bench } from 'perfkeel';
import { ${name} } from './index.ts';
bench('${name}', { run: () => ${call}, time: '50ms', objectives: ['median < 1s'] });
`;

const prices = (times) => `import { style } from 'house-style';
export function total(count: number): number {
  let sum = style;
  for (let i = 0; i < count * ${times}; i++) sum += Math.sqrt(i);
  return sum;
}
`;

const sources = {
  '.gitignore': 'node_modules\n.perf\n.yarn\n.pnp.*\n',
  'packages/prices/src/index.ts': prices(1),
  'packages/prices/src/prices.perf.ts': perfFile('total', 'total(10_000)'),
  'packages/words/src/index.ts': 'export const shout = (text: string): string => text.toUpperCase().repeat(50);\n',
  'packages/words/src/words.perf.ts': perfFile('shout', "shout('one')"),
  'packages/orders/src/index.ts':
    "import { total } from '@shop/prices';\nexport const order = (count: number): number => 2 * total(count);\n",
  'packages/orders/src/orders.perf.ts': perfFile('order', 'order(10_000)'),
};

/** The two versions of a package that the shop depends on, as a registry would hand them out. */
function packTool(root, version) {
  const folder = mkdtempSync(join(root, 'pack-'));
  mkdirSync(join(folder, 'package'));
  const manifest = { name: 'house-style', version, type: 'module', exports: './index.js' };
  writeFileSync(join(folder, 'package/package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package/index.js'), `export const style = ${version.split('.')[1]};\n`);
  execFileSync('tar', ['-czf', join(root, `vendor/house-style-${version}.tgz`), '-C', folder, 'package']);
  rmSync(folder, { recursive: true });
}

/** Installs, commits, and returns what is to be shown there. Throws what installing says. */
export async function createShop({ folder, manager, path, tarballs }) {
  const [root, temporary] = [join(folder, 'shop'), join(folder, 'temporary')];
  mkdirSync(join(root, 'vendor'), { recursive: true });
  mkdirSync(temporary);
  const env = {
    ...{ ...process.env, PATH: path, TMPDIR: temporary, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: '' },
    ...{ PERFKEEL_EXAMINE: '0', CI: undefined, YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
  };
  const write = (name, text) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof text === 'string' ? text : `${JSON.stringify(text, undefined, 2)}\n`);
  };
  const git = (...words) => execute('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: root, env });
  const commit = async (message) => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', message);
  };
  for (const file of Object.values(tarballs)) copyFileSync(file, join(root, 'vendor', basename(file)));
  for (const version of ['1.0.0', '1.1.0']) packTool(root, version);
  for (const [name, text] of Object.entries({ ...sources, ...manager.files })) write(name, text);
  writeManifests(write, manager, tarballs, '1.0.0');
  const install = () => execute(manager.program, manager.install, { cwd: root, env, timeout: 240_000 });
  await install();
  await git('init', '--quiet', '--initial-branch', 'main');
  await commit('first');

  /** `perfkeel` as a user of this manager calls it. */
  const perfkeel = async (words, expected = 0) => {
    const call = [...manager.execute, 'perfkeel', ...words];
    const { stdout, stderr } = await execute(manager.program, call, { cwd: root, env, expected, timeout: 300_000 });
    return `${stdout}\n${stderr}`;
  };
  const must = (text, ...patterns) => {
    const missing = patterns.find((pattern) => !pattern.test(text));
    if (missing !== undefined) throw new Error(`${missing} is not in:\n${text}`);
  };
  const branch = async (name, change) => {
    await git('checkout', '--quiet', '-b', name, 'main');
    await change();
    await commit(name);
  };
  return { steps: stepsOf({ manager, write, perfkeel, must, branch, install, tarballs }) };
}

function writeManifests(write, manager, tarballs, tool) {
  // Paths from the root: what a package of the workspace needs of them, it finds above itself.
  const vendored = Object.fromEntries(
    Object.entries(tarballs).map(([name, file]) => [name, `file:./vendor/${basename(file)}`]),
  );
  const { perfkeel, ...others } = vendored;
  write('package.json', {
    ...{ name: 'shop', version: '1.0.0', private: true, type: 'module', workspaces: ['packages/*'] },
    devDependencies: { perfkeel, 'house-style': `file:./vendor/house-style-${tool}.tgz` },
    ...manager.manifest(others),
  });
  const packages = { prices: {}, words: {}, orders: { '@shop/prices': manager.own } };
  for (const [name, dependencies] of Object.entries(packages)) {
    const exported = { version: '1.0.0', private: true, type: 'module', exports: './src/index.ts' };
    // Without node_modules a package sees nothing but what it asks for itself.
    const asked = manager.plugAndPlay
      ? {
          devDependencies: {
            perfkeel: perfkeel.replace('./', '../../'),
            'house-style': `file:../../vendor/house-style-${tool}.tgz`,
          },
        }
      : {};
    write(`packages/${name}/package.json`, { name: `@shop/${name}`, ...exported, dependencies, ...asked });
  }
}

const compare = ['compare', '--against', 'main', '--rounds', '6', '--budget', '2m'];

function stepsOf({ manager, write, perfkeel, must, branch, install, tarballs }) {
  const slower = () => write('packages/prices/src/index.ts', prices(2));
  const steps = [
    ['run', async () => must(await perfkeel(['run', '--short']), /total/, /shout/, /order/)],
    [
      'run --affected',
      async () => {
        await branch('slower', slower);
        const said = await perfkeel(['run', '--affected', '--base', 'main', '--short']);
        must(said, /run .*orders.*because/, /run .*prices.*because/, /skip .*words/);
      },
    ],
  ];
  if (manager.plugAndPlay) {
    return [
      ...steps,
      [
        'compare is refused, with the way out',
        async () => must(await perfkeel(compare, 2), /nodeLinker: node-modules/),
      ],
    ];
  }
  return [
    ...steps,
    [
      'compare, equal lock file',
      async () =>
        must(
          await perfkeel([...compare, 'total'], 1),
          /packages of base copied/,
          /total.*slower|slower.*total|regress/i,
        ),
    ],
    [
      'compare, changed lock file',
      async () => {
        await branch('newer-tool', async () => {
          writeManifests(write, manager, tarballs, '1.1.0');
          await install();
        });
        must(await perfkeel([...compare, 'shout']), /packages of base installed/);
      },
    ],
  ];
}
