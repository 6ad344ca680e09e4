import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { build, type Metafile, type Plugin } from 'esbuild';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/**
 * Inside the package, so that its package.json and the workspace's node_modules are where they are for a user; one for
 * each test process, because another may be writing while this one starts a program.
 */
const outdir = path(`packages/cli/.from-source-${process.pid}`);
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const ownPackagesInside: Plugin = {
  name: 'own-packages-inside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, (args) =>
      args.path.startsWith('@perfkeel/') || args.kind === 'entry-point'
        ? undefined
        : { path: args.path, external: true },
    );
  },
};

let built: Promise<Metafile> | undefined;

/** Builds the command line from source, with its helper processes beside it, as the published package has them. */
export function buildSourceCli(): Promise<Metafile> {
  built ??= build({
    absWorkingDir: path('.'),
    entryPoints: ['packages/cli/src/bin.ts', 'packages/runner/src/harness.ts', 'packages/runner/src/supervisor.ts'],
    entryNames: '[name]',
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    conditions: ['@perfkeel/source'],
    metafile: true,
    plugins: [ownPackagesInside],
  }).then(({ metafile }) => metafile);
  return built;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCli {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
}

/** Starts the real command line in a process of its own. */
export async function startCli(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<StartedCli> {
  await buildSourceCli();
  const child = spawn(process.execPath, [`${outdir}/bin.js`, ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      LANG: 'C.UTF-8',
      PERFKEEL_CONDITIONS: '@perfkeel/source',
      // Whether a promise is missed must not depend on what else the machine does.
      PERFKEEL_EXAMINE: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const result = new Promise<CliResult>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, result };
}

/** Runs the real command line to its end. */
export const runCli = async (
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<CliResult> => (await startCli(args, cwd, env)).result;
