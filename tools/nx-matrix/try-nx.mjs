import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute } from '../consumer-test/execute.mjs';

const stub = fileURLToPath(new URL('../../packages/nx/test/fixtures/perfkeel.cjs', import.meta.url));

// The generator lets npm install the command that it adds to package.json. Here the command is the stub, so that npm
// only has to be asked.
const npmThatInstallsNothing = `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const args = process.argv.slice(2);
if (args[0] === 'install') appendFileSync(process.env.NPM_LOG, args.join(' ') + '\\n');
else process.exit(spawnSync(process.env.REAL_NPM, args, { stdio: 'inherit' }).status ?? 1);
`;

const readJson = (...parts) => JSON.parse(readFileSync(join(...parts), 'utf8'));

/**
 * Uses the packed plugin with one version of Nx in the empty folder `root`. Throws what is wrong first.
 */
export async function tryNx(version, tarball, root) {
  const workspace = createWorkspace(version, tarball, root);
  const installed = await install(workspace);
  const env = environment(root);
  const bin = nxBin(workspace);
  const nx = async (args, { expected = 0, settings = {} } = {}) => {
    const options = { cwd: workspace, env: { ...env, ...settings }, expected };
    return (await execute(process.execPath, [bin, ...args.split(' ')], options)).stdout;
  };
  await setsUp(workspace, env, nx);
  await infers(nx);
  await measures(workspace, env, nx);
  return { installed };
}

function createWorkspace(version, tarball, root) {
  const workspace = join(root, 'workspace');
  const write = (file, content) => {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  };
  const devDependencies = { nx: version, '@nx/devkit': version, '@perfkeel/nx': `file:${tarball}` };
  const manifest = { private: true, version: '1.0.0', type: 'module' };
  write('package.json', { ...manifest, name: 'small', workspaces: ['packages/*'], devDependencies });
  write('nx.json', { analytics: false, neverConnectToCloud: true });
  const build = `node -e "require('node:fs').writeFileSync('built', '')"`;
  write('packages/lib/package.json', { ...manifest, name: 'lib', scripts: { build } });
  write('packages/app/package.json', { ...manifest, name: 'app', dependencies: { lib: '1.0.0' } });
  write('packages/app/perf.config.mjs', 'export default {};\n');
  return workspace;
}

async function install(workspace) {
  const started = performance.now();
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await execute('npm', ['install', ...flags], { cwd: workspace, timeout: 300_000 });
  const command = join(workspace, 'node_modules/.bin/perfkeel');
  cpSync(stub, command);
  chmodSync(command, 0o755);
  return ((performance.now() - started) / 1000).toFixed(1);
}

function environment(root) {
  const bin = join(root, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), npmThatInstallsNothing, { mode: 0o755 });
  const path = process.env.PATH.split(delimiter);
  const realNpm = path.map((folder) => join(folder, 'npm')).find((file) => existsSync(file));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('NX_') && name !== 'FORCE_COLOR');
  return {
    ...Object.fromEntries(inherited),
    PATH: [bin, ...path].join(delimiter),
    REAL_NPM: realNpm,
    NPM_LOG: join(root, 'npm.log'),
    STUB_LOG: join(root, 'stub.log'),
    STUB_MILLISECONDS: '80',
    CI: 'true',
    NO_COLOR: '1',
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    NX_ISOLATE_PLUGINS: 'false',
  };
}

const nxBin = (workspace) => {
  const manifest = join(workspace, 'node_modules/nx/package.json');
  return join(dirname(manifest), readJson(manifest).bin.nx);
};

/** Both generators: twice the first, which must then change nothing. */
async function setsUp(workspace, env, nx) {
  const { version } = readJson(workspace, 'node_modules/@perfkeel/nx/package.json');
  await nx('g @perfkeel/nx:init');
  const files = ['nx.json', 'package.json', '.gitignore'].map((file) => join(workspace, file));
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  await nx('g @perfkeel/nx:init');
  assert.deepEqual(
    files.map((file) => readFileSync(file, 'utf8')),
    texts,
    'init changed something the second time',
  );

  const { plugins, targetDefaults } = readJson(workspace, 'nx.json');
  assert.deepEqual(plugins, ['@perfkeel/nx']);
  assert.deepEqual(targetDefaults.perf, { cache: false, parallelism: false, dependsOn: ['build', '^build'] });
  assert.equal(readJson(workspace, 'package.json').devDependencies.perfkeel, `^${version}`);
  assert.match(readFileSync(join(workspace, '.gitignore'), 'utf8'), /^\.perf$/m);
  assert.match(readFileSync(env.NPM_LOG, 'utf8'), /^install/, 'init did not have npm install the command');

  await nx('g @perfkeel/nx:perf lib');
  assert.match(readFileSync(join(workspace, 'packages/lib/perf.config.ts'), 'utf8'), /defineConfig/);
  assert.match(readFileSync(join(workspace, 'packages/lib/perf/example.perf.ts'), 'utf8'), /bench\(/);
}

async function infers(nx) {
  for (const project of ['lib', 'app']) {
    const printed = await nx(`show project ${project} --json`);
    const { perf } = JSON.parse(printed.slice(printed.indexOf('{'))).targets;
    const { cache, parallelism, dependsOn, outputs, options } = perf;
    assert.deepEqual(
      { cache, parallelism, dependsOn, outputs, command: options.command, cwd: options.cwd },
      {
        cache: false,
        parallelism: false,
        dependsOn: ['build', '^build'],
        outputs: ['{projectRoot}/.perf/latest'],
        command: 'perfkeel run',
        cwd: `packages/${project}`,
      },
    );
  }
}

/** Runs the targets with plugins in this process and in ones of their own: every time anew, after the build, alone. */
async function measures(workspace, env, nx) {
  for (const isolated of ['false', 'true']) {
    const settings = { NX_ISOLATE_PLUGINS: isolated };
    const printed = await nx('run-many -t perf --parallel=3', { settings });
    prints(printed, 'Performance of 2 projects: 2 pass', settings);
    prints(printed, 'app      pass     1           1 kept      1.2 s', settings);
  }
  const runs = readFileSync(env.STUB_LOG, 'utf8').trim().split('\n');
  const spans = runs.map((line) => JSON.parse(line));
  assert.deepEqual(spans.map(({ name }) => name).sort(), ['app', 'app', 'lib', 'lib']);
  assert.ok(
    spans.slice(1).every(({ from }, index) => from >= spans[index].to),
    'two perf tasks ran at the same time',
  );
  assert.ok(existsSync(join(workspace, 'packages/lib/built')), 'perf ran without build');
  assert.match(readFileSync(join(workspace, '.perf/summary.md'), 'utf8'), /^\| lib \| pass \|/m);

  const settings = { STUB_VERDICT_lib: 'crash' };
  const printed = await nx('run-many -t perf', { expected: 1, settings });
  prints(printed, 'Performance of 2 projects: 1 pass, 1 did not run', settings);
}

function prints(printed, line, settings) {
  assert.ok(printed.includes(line), `no ${JSON.stringify(line)} with ${JSON.stringify(settings)} in:\n${printed}`);
}
