import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PerfError, formatQuantity, nanosFromMs, usageError } from '@perfkeel/core';
import { hashBenchmarks } from './benchmark-hash.ts';
import { bundleFile, installHint, type Bundle, type BundleOptions } from './bundle.ts';
import { startPerfProcess } from './perf-process.ts';
import type { DeclaredFile } from './plan.ts';
import { exitedWhileRead, type DeclarationData } from './protocol.ts';
import { shownPath } from './shown-path.ts';
import { timerMs } from './timer.ts';

export interface DeclareOptions extends BundleOptions {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Milliseconds for a round; reading one file gets as many at most, and mostly 20 s: see `readingMs`. */
  readonly timeoutMs: number;
  /** Hears of a file, by its path for people, that takes more than some seconds to read. */
  readonly onSlow?: ((file: string) => void) | undefined;
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
  const { root, signal, onSlow = () => undefined } = options;
  const limit = new AbortController();
  const limitMs = readingMs(options.timeoutMs);
  const timers = [
    setTimeout(() => limit.abort(), timerMs(limitMs)),
    setTimeout(() => onSlow(shownPath(bundle.source)), slowMs),
  ];
  try {
    const perfProcess = await startPerfProcess(bundle, { cwd: root, signal: AbortSignal.any([signal, limit.signal]) });
    perfProcess.kill();
    return perfProcess.declarations;
  } catch (error) {
    throw limit.signal.aborted ? neverRead(bundle, limitMs) : asDeclarationError(error, bundle);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** From here on, whoever waits should hear for what. */
const slowMs = 3000;

/** Declarations are there in a moment, or never: of the time for a round, a fifteenth, and 20 s where there are as many. */
export const readingMs = (roundMs: number): number => Math.min(roundMs, Math.max(20_000, roundMs / 15));

const neverRead = ({ source }: Bundle, limitMs: number): PerfError =>
  usageError(`${shownPath(source)} was not read to its end in ${formatQuantity(nanosFromMs(limitMs), 'ns')}`, {
    code: 'never-read',
    hint: 'Does it loop, or wait for something, at the top of the file? That belongs in `setup` or `run`.',
    location: { file: source, line: 1, column: 1 },
  });

/** What the file itself did is a mistake in the file: nothing has been measured. */
function asDeclarationError(error: unknown, { source }: Bundle): unknown {
  if (!(error instanceof PerfError)) return error;
  const { message, code, location = { file: source, line: 1, column: 1 } } = error;
  if (code === exitedWhileRead) {
    const hint = 'Take process.exit away; nothing was measured.';
    return usageError(`${shownPath(source)}: ${message}`, { code, hint, location, cause: error });
  }
  if (code === 'process-ended' || code === 'out-of-memory') {
    const { hint, exitCode } = error;
    return new PerfError(`while ${shownPath(source)} was read, ${message}`, { code, hint, exitCode, location });
  }
  if (code !== 'threw') return error;
  const [said, absent] = /^Cannot find package '([^']+)'/.exec(message) ?? [message];
  return usageError(`${shownPath(source)} throws while it is read: ${said}`, {
    code: 'declaration-threw',
    hint: absent === undefined ? 'Correct it; nothing was measured.' : installHint(absent),
    location,
    excerpt: absent,
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
