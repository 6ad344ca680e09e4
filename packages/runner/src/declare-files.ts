import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PerfError, formatQuantity, nanosFromMs, usageError } from '@perfkeel/core';
import { hashBenchmarks } from './benchmark-hash.ts';
import { bundleFile, type Bundle, type BundleOptions } from './bundle.ts';
import { startPerfProcess } from './perf-process.ts';
import type { DeclaredFile } from './plan.ts';
import type { DeclarationData } from './protocol.ts';
import { timerMs } from './timer.ts';

export interface DeclareOptions extends BundleOptions {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Milliseconds for reading one file. */
  readonly timeoutMs: number;
}

/**
 * Bundles perf files and learns what each declares, in a process of its own.
 *
 * @throws PerfError (exit 2) for the first file that does not compile, throws, or declares something wrong. Nothing has
 * been measured then.
 */
export async function declareFiles(files: readonly string[], options: DeclareOptions): Promise<DeclaredFile[]> {
  const declared: DeclaredFile[] = [];
  for (const file of files) {
    declared.push(await declareBundle(await bundleFile(file, options), options));
  }
  await removeOldBundles(options.outdir, declared);
  return declared;
}

/** What a bundled perf file declares. @throws PerfError as `declareFiles` does */
export async function declareBundle(bundle: Bundle, options: DeclareOptions): Promise<DeclaredFile> {
  const declarations = await declarationsOf(bundle, options);
  return { bundle, declarations, benchmarkHashes: await hashBenchmarks(bundle.source, declarations) };
}

async function declarationsOf(bundle: Bundle, options: DeclareOptions): Promise<readonly DeclarationData[]> {
  const { root, signal, timeoutMs } = options;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timerMs(timeoutMs));
  try {
    const perfProcess = await startPerfProcess(bundle, { cwd: root, signal: AbortSignal.any([signal, limit.signal]) });
    perfProcess.kill();
    return perfProcess.declarations;
  } catch (error) {
    throw limit.signal.aborted ? neverRead(bundle, timeoutMs) : asDeclarationError(error, bundle);
  } finally {
    clearTimeout(timer);
  }
}

const neverRead = ({ source }: Bundle, timeoutMs: number): PerfError =>
  usageError(`${basename(source)} was not read to its end in ${formatQuantity(nanosFromMs(timeoutMs), 'ns')}`, {
    code: 'never-read',
    hint: 'Does it loop, or wait for something, at the top of the file? That belongs in `setup` or `run`.',
    location: { file: source, line: 1, column: 1 },
  });

/** What the file itself threw is a mistake in the file: nothing has been measured. */
function asDeclarationError(error: unknown, { source }: Bundle): unknown {
  if (!(error instanceof PerfError) || error.code !== 'threw') return error;
  const { message, location } = error;
  return usageError(`${basename(source)} throws while it is read: ${message}`, {
    code: 'declaration-threw',
    hint: 'Correct it; nothing was measured.',
    location,
    cause: error,
  });
}

const dayMs = 24 * 3600 * 1000;

/** Names hold the hash of the code, so every edit leaves a bundle behind. A day spares those of other runs. */
async function removeOldBundles(outdir: string, declared: readonly DeclaredFile[]): Promise<void> {
  const current = new Set(declared.flatMap(({ bundle: { file } }) => [file, `${file}.map`]));
  for (const name of await readdir(outdir)) {
    const file = join(outdir, name);
    if (current.has(file)) continue;
    // Another run may remove it at the same time, and a leftover harms nobody.
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > dayMs) await rm(file, { force: true }).catch(() => undefined);
  }
}
