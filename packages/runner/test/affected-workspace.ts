import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** Files by path; an object is JSON. */
export type Files = Readonly<Record<string, string | object>>;

/** Files by path; `undefined` takes one away. */
export type Changes = Readonly<Record<string, string | object | undefined>>;

export interface Repository {
  /** Real path. */
  readonly root: string;
  write(files: Files): void;
  git(...words: string[]): string;
  commit(message: string): void;
  /** A branch for each of these changes of `main`, all at once; an absent file is deleted. */
  history(changes: Readonly<Record<string, Changes>>): void;
  /** A new branch of `main`, checked out, whatever was left behind. */
  branch(name: string): void;
  remove(): void;
}

const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete (environment as NodeJS.ProcessEnv)[name];

/** A repository in a temporary folder whose branch `main` has the files. */
export function createRepository(files: Files): Repository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-affected-')));
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always'];
  const git = (...words: string[]): string =>
    execFileSync('git', [...identity, ...words], {
      cwd: root,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const repository: Repository = {
    root,
    git,
    write: (more) => writeAll(root, more),
    commit: (message) => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', message);
    },
    history: (changes) => {
      const input = Object.entries(changes).map(([name, change]) => branchText(name, change));
      execFileSync('git', ['fast-import', '--quiet', '--force'], {
        cwd: root,
        env: environment,
        input: input.join(''),
      });
    },
    branch: (name) => {
      git('clean', '--quiet', '-fd');
      git('checkout', '--quiet', '--force', '-B', name, 'main');
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
  };
  repository.write(files);
  git('init', '--quiet', '--initial-branch', 'main');
  repository.commit('everything');
  return repository;
}

/** A commit as `git fast-import` reads it: one process for a whole history. */
function branchText(name: string, changes: Changes): string {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const lines = Object.entries(changes).map(([path, content]) =>
    content === undefined ? `D ${path}\n` : `M 100644 inline ${path}\n${data(textOf(content))}`,
  );
  const start = `commit refs/heads/${name}\ncommitter a <a@b> 1700000000 +0000\n${data(name)}`;
  return `${start}from refs/heads/main^0\n${lines.join('')}\n`;
}

const textOf = (content: string | object): string =>
  typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;

export function writeAll(root: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, textOf(content));
  }
}

/** A kind that is called in the measuring process, or another one. */
const noun = `
import { callSite, commonParts, declare, metrics } from '@perfkeel/core';
export const of = (kind: string, name: string, options: any = {}) => declare({
  name, kind, metrics: [metrics.responseTime], primary: 'response-time', quantiles: true, target: options.target,
  ...commonParts(options, { rounds: 1 }), location: callSite(of as never),
  instrument: async () => ({ measurements: [{ metric: 'response-time', data: { kind: 'sample', values: [1e6] } }] }),
});
export const bench = (name: string, run: unknown) => of('bench', name);
`;

const manifest = (name: string, more: object = {}): object => ({
  ...{
    name,
    version: '1.0.0',
    type: 'module',
    exports: { '@perfkeel/source': './src/index.ts', default: './dist/index.js' },
  },
  ...more,
});

export type Versions = Readonly<Record<string, string>>;

/** A lock file: `core` needs zod, zod needs tiny; the workspace needs the others for development. */
export function lockOf(versions: Versions = {}, workspaceVersion = '1.0.0'): object {
  const packages: Record<string, object> = {
    '': {
      name: 'workspace',
      workspaces: ['packages/*'],
      devDependencies: { chai: '*', esbuild: '*', vitest: '*', perfish: '*' },
    },
    'packages/core': { name: 'core', version: workspaceVersion, dependencies: { zod: '^4.0.0' } },
    'packages/load': { name: 'load', version: '1.0.0', dependencies: { core: '^1.0.0' } },
    'packages/latency': { name: 'latency', version: '1.0.0', dependencies: { core: '^1.0.0' } },
    'packages/api': {
      name: 'api',
      version: '1.0.0',
      dependencies: { load: '^1.0.0', server: '*' },
      devDependencies: { runit: '*' },
    },
  };
  for (const name of ['core', 'load', 'latency', 'api'])
    packages[`node_modules/${name}`] = { resolved: `packages/${name}`, link: true };
  const all = {
    ...{ zod: '4.6.6', tiny: '1.0.0', chai: '6.3.0', esbuild: '0.28.2', vitest: '4.1.12', unused: '1.0.0' },
    ...{ server: '1.0.0', runit: '1.0.0', perfish: '1.0.0' },
    ...versions,
  };
  for (const [name, version] of Object.entries(all)) {
    if (version === '') continue;
    const needs =
      name === 'zod' ? { dependencies: { tiny: '*' } } : name === 'vitest' ? { dependencies: { chai: '*' } } : {};
    packages[`node_modules/${name}`] = { version, integrity: `sha512-${name}-${version}`, ...needs };
  }
  return { name: 'workspace', lockfileVersion: 3, packages };
}

/** `load`, `latency` and `api` measure what they take in of `core` as source; `api` also starts a server. */
export const workspaceFiles: Files = {
  '.gitignore': 'node_modules\n.perf\ndist\n.nx\n',
  'package.json': {
    name: 'workspace',
    private: true,
    workspaces: ['packages/*'],
    scripts: { build: 'tsup' },
    devDependencies: { vitest: '*' },
  },
  'package-lock.json': lockOf(),
  'tsconfig.base.json': { compilerOptions: { target: 'es2022' } },
  'tsup.base.ts': 'export const lib = {};\n',
  'README.md': '# Workspace\n',
  'docs/guide.md': '# Guide\n',
  'noun.ts': noun,
  'packages/core/package.json': manifest('core', { dependencies: { zod: '^4.0.0' } }),
  'packages/core/README.md': '# core\n',
  'packages/core/src/index.ts': "export { mean } from './stats.ts';\n",
  'packages/core/src/stats.ts': "import zod from 'zod';\nexport const mean = (): number => zod + 1;\n",
  'packages/core/src/unused.ts': 'export const unused = 1;\n',
  'packages/core/src/stats.test.ts': 'test();\n',
  'packages/load/package.json': manifest('load', { dependencies: { core: '^1.0.0' } }),
  'packages/load/perf.config.ts':
    "import { rounds } from './perf/settings.ts';\nexport default { rounds, setup: ['../../docs/sizes.md', './test/data/'] };\n",
  'packages/load/perf/settings.ts': 'export const rounds = 4;\n',
  'packages/load/test/data/one.txt': '1\n',
  'docs/sizes.md': '# Sizes\n',
  'packages/load/src/index.ts': "import { mean } from 'core';\nexport const rate = (): number => mean();\n",
  'packages/load/src/table.json': '{}\n',
  'packages/load/test/load.spec.ts': 'test();\n',
  'packages/load/perf/a.perf.ts':
    "import { bench } from '../../../noun.ts';\nimport { rate } from '../src/index.ts';\nbench('a', rate);\n",
  'packages/load/perf/b.perf.ts':
    "import { bench } from '../../../noun.ts';\nimport perfish from 'perfish';\nbench('b', perfish);\n",
  'packages/latency/package.json': manifest('latency', { dependencies: { core: '^1.0.0' } }),
  'packages/latency/perf/c.perf.ts':
    "import { bench } from '../../../noun.ts';\nimport { mean } from 'core';\nbench('c', mean);\n",
  'packages/api/package.json': manifest('api', {
    dependencies: { load: '^1.0.0', server: '*' },
    devDependencies: { runit: '*' },
  }),
  'packages/api/src/server.js': "import 'load';\n",
  'packages/api/perf/d.perf.ts':
    "import { of } from '../../../noun.ts';\nimport { target } from '@perfkeel/core';\nof('known', 'd', { target: target({ command: ['node', 'src/server.js'], ready: /on/ }) });\n",
};

/** Packages that are linked or stand in for installed ones; git does not see them. */
export function install(root: string): void {
  const folder = join(root, 'node_modules');
  mkdirSync(join(folder, '@perfkeel'), { recursive: true });
  symlinkSync(join(modules, '@perfkeel/core'), join(folder, '@perfkeel/core'));
  for (const name of ['core', 'load', 'latency', 'api']) symlinkSync(join('..', 'packages', name), join(folder, name));
  for (const name of ['zod', 'perfish']) {
    writeAll(folder, {
      [`${name}/package.json`]: { name, version: '1.0.0', type: 'module', exports: './index.js' },
      [`${name}/index.js`]: 'export default 1;\n',
    });
  }
}
