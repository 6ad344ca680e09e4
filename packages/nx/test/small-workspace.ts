import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { linkDependencies, readText, repository, temporaryFolder, write, type TemporaryFolder } from './workspace.ts';

// Stands in for the command: says in which project it ran, and leaves a result.
const stub = join(repository, 'packages/nx/test/fixtures/perfkeel.cjs');

const dependents = ['lib-a', 'lib-b', 'app-c'] as const;

export interface SmallWorkspace extends TemporaryFolder {
  /** Caches of Nx, outside the workspace. */
  readonly state: string;
  /** The environment that the stub needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Every run of the command so far, in order. */
  readonly spans: () => Span[];
  /** The projects in which the command ran since the last call, sorted. */
  readonly ran: () => string[];
}

/** One run of the command: in which project, with which arguments, and when, in milliseconds since 1970. */
export interface Span {
  readonly name: string;
  readonly args: string;
  readonly from: number;
  readonly to: number;
}

/** An npm workspace: `core`, and three packages that depend on it, each with a perf.config; and `docs`. */
export function smallWorkspace(): SmallWorkspace {
  const folder = temporaryFolder();
  const root = join(folder.root, 'workspace');
  const log = join(folder.root, 'log');
  let seen = 0;
  const manifest = { private: true, version: '1.0.0', type: 'module' };
  write(root, {
    'package.json': { ...manifest, name: 'small', workspaces: ['packages/*'] },
    'nx.json': {
      analytics: false,
      neverConnectToCloud: true,
      defaultBase: 'main',
      plugins: [join(repository, 'packages/nx/src/plugin.ts')],
    },
    'tsconfig.base.json': { compilerOptions: { target: 'es2022', module: 'nodenext' } },
    '.gitignore': 'node_modules\n.nx\n.perf\n',
    'docs/guide.md': '# Guide\n',
    'packages/core/package.json': { ...manifest, name: 'core' },
  });
  for (const name of dependents) {
    write(root, { [`packages/${name}/package.json`]: { ...manifest, name, dependencies: { core: '1.0.0' } } });
  }
  for (const name of ['core', ...dependents]) {
    write(root, {
      [`packages/${name}/perf.config.ts`]: 'export default {};\n',
      [`packages/${name}/src/index.js`]: 'export const one = 1;\n',
    });
  }
  linkDependencies(root);
  write(root, { 'node_modules/.bin/perfkeel': readText(stub) });
  chmodSync(join(root, 'node_modules/.bin/perfkeel'), 0o755);
  const spans = (): Span[] => readSpans(log);
  const ran = (): string[] => {
    const fresh = spans().slice(seen);
    seen += fresh.length;
    return fresh.map(({ name }) => name).sort();
  };
  return { ...folder, root, state: join(folder.root, 'state'), env: { STUB_LOG: log }, spans, ran };
}

function readSpans(log: string): Span[] {
  const lines = existsSync(log)
    ? readText(log)
        .split('\n')
        .filter((line) => line !== '')
    : [];
  return lines.map((line) => JSON.parse(line) as Span);
}
