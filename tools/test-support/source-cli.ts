import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { build, type Metafile, type Plugin } from 'esbuild';
import { rootPath as path, sourceCliFolder } from './source-cli-folder.ts';

const outdir = sourceCliFolder(process.ppid);

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

/**
 * Builds the command line from source, with its helper processes beside it, as the published package has them: once for
 * all test processes of one vitest, which removes it in `remove-source-cli.ts`.
 */
export function buildSourceCli(): Promise<Metafile> {
  built ??= existsSync(outdir) ? readMetafile() : buildInto(outdir);
  return built;
}

const readMetafile = async (): Promise<Metafile> =>
  JSON.parse(await readFile(`${outdir}/metafile.json`, 'utf8')) as Metafile;

/** Under another name first: nobody may start what is half written. */
async function buildInto(folder: string): Promise<Metafile> {
  const own = `${folder}-${process.pid}`;
  const { metafile } = await bundle(own);
  await writeFile(`${own}/metafile.json`, JSON.stringify(metafile));
  try {
    await rename(own, folder);
  } catch (error) {
    // Another process was faster.
    await rm(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return metafile;
}

const bundle = (folder: string) =>
  build({
    absWorkingDir: path('.'),
    entryPoints: ['packages/cli/src/bin.ts', 'packages/runner/src/harness.ts', 'packages/runner/src/supervisor.ts'],
    entryNames: '[name]',
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    conditions: ['@perfkeel/source'],
    metafile: true,
    plugins: [ownPackagesInside],
  });

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
