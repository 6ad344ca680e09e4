import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { rootPath } from '../../../tools/test-support/source-cli-folder.ts';
import { createTempProject } from '../../../tools/test-support/temp-project.ts';

export interface RunningServer {
  readonly child: ChildProcess;
  readonly said: () => string;
}

/** The server, built from its source, in a folder of its own. */
export interface BuiltServer {
  /** Where `server.js` is. */
  readonly folder: string;
  /** The folder of its temporary files. */
  readonly tmp: string;
  start(env?: NodeJS.ProcessEnv): RunningServer;
  remove(): void;
}

export async function buildServer(): Promise<BuiltServer> {
  const project = createTempProject();
  // As root the database belongs to nobody, who has to come through here.
  chmodSync(project.root, 0o755);
  const tmp = join(project.root, 'tmp');
  mkdirSync(tmp);
  await build({
    entryPoints: [rootPath('examples/tasks-api/src/server.ts')],
    outfile: join(project.root, 'server.js'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
  const start = (env: NodeJS.ProcessEnv = {}): RunningServer => {
    const child = spawn(process.execPath, ['server.js'], {
      cwd: project.root,
      env: { ...process.env, DATABASE_URL: '', REDIS_URL: '', TMPDIR: tmp, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
    return { child, said: () => text };
  };
  return { folder: project.root, tmp, start, remove: () => project.remove() };
}
