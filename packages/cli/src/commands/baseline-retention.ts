import { ExitCode, usageError } from '@perfkeel/core';
import { projectName } from '@perfkeel/runner';
import { loadConfig } from '../config.ts';
import { plain, type Io } from '../io.ts';
import { openStore, tellWarnings } from '../results.ts';
import { counted } from './counted.ts';
import { findStored } from './find-run.ts';

export interface RetentionOptions {
  readonly dir?: string;
  readonly reason?: string;
  readonly keep?: number;
  readonly olderThan?: string;
  readonly dryRun?: boolean;
}

const now = (): string => new Date().toISOString();
const reasonOf = ({ reason }: RetentionOptions): { reason?: string } => (reason === undefined ? {} : { reason });

/** `perfkeel baseline pin|unpin <run>` */
export async function pinCommand(
  verb: 'pin' | 'unpin',
  name: string,
  options: RetentionOptions,
  io: Io,
): Promise<number> {
  const store = openStore(await loadConfig(io, options.dir), io);
  const { run, sha } = await findStored(store, name, io.cwd);
  const mark = { at: now(), ...reasonOf(options) };
  const isPinned = (await store.listPins()).some((pin) => pin.sha === sha);
  if (verb === 'unpin' && !isPinned) {
    throw usageError(`${plain(run.id)} is not pinned`, {
      code: 'not-pinned',
      hint: 'perfkeel baseline list shows which runs are.',
    });
  }
  if (verb === 'pin') await store.pinRun(sha, mark);
  else await store.unpinRun(sha, mark);
  tellWarnings(store, io);
  io.stdout.write(`${plain(run.id)} ${verb === 'pin' ? 'is pinned: it is never pruned' : 'is no longer pinned'}\n`);
  return ExitCode.Ok;
}

export interface RenameOptions {
  readonly dir?: string;
  readonly reason?: string;
  readonly project?: string;
}

/** `perfkeel baseline rename <old> <new>`: the history of one name goes on in another. */
export async function renameCommand(from: string, to: string, options: RenameOptions, io: Io): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const store = openStore(config, io);
  const project = options.project ?? config.name ?? (await projectName(config.root));
  const known = (await store.listRuns()).some((run) => run.project === project);
  const renamed = await store.renameBenchmark(from, to, {
    at: now(),
    ...reasonOf(options),
    ...(known ? { project } : {}),
  });
  tellWarnings(store, io);
  const back = `perfkeel baseline rename ${JSON.stringify(to)} ${JSON.stringify(from)}`;
  io.stdout.write(`${plain(renamed.from)} goes on as ${plain(renamed.to)}, in comparisons and in its history\n`);
  io.stdout.write(`  runs keep what they say; ${plain(back)} takes it back\n`);
  return ExitCode.Ok;
}

const msOfDay = 86_400_000;

/** The time so many days ago: `90d`, or `90`. */
function before(olderThan: string | undefined): { before?: string } {
  if (olderThan === undefined) return {};
  const [, days] = /^(\d{1,5})d?$/.exec(olderThan) ?? [];
  if (days !== undefined) return { before: new Date(Date.now() - Number(days) * msOfDay).toISOString() };
  throw usageError(`--older-than is ${JSON.stringify(olderThan)}, which is no number of days`, {
    code: 'bad-option',
    hint: 'Write --older-than 90d.',
  });
}

const shown = 10;

/** `perfkeel baseline prune` */
export async function pruneCommand(options: RetentionOptions, io: Io): Promise<number> {
  const age = before(options.olderThan);
  if (Number.isNaN(options.keep)) {
    throw usageError('--keep is not a whole number from 1', { code: 'bad-option', hint: 'Write --keep 100.' });
  }
  const store = openStore(await loadConfig(io, options.dir), io);
  const { keep, dryRun } = options;
  const { removed, kept } = await store.pruneRuns({
    at: now(),
    ...reasonOf(options),
    ...age,
    ...(keep === undefined ? {} : { keep }),
    rehearse: dryRun ?? false,
  });
  tellWarnings(store, io);
  io.stdout.write(`${dryRun ? 'would delete' : 'deleted'} ${counted(removed.length, 'run')}\n`);
  writeSome(
    removed.map(({ id, startedAt }) => `${id}  ${startedAt.slice(0, 10)}`),
    io,
  );
  if (kept.length > 0) io.stdout.write(`kept ${counted(kept.length, 'older run')}\n`);
  writeSome(
    kept.map(({ run, why }) => `${run.id}  ${why}`),
    io,
  );
  return ExitCode.Ok;
}

/** The first of many lines. What others wrote as a reason may have several of its own. */
function writeSome(lines: readonly string[], io: Io): void {
  for (const line of lines.slice(0, shown)) io.stdout.write(`  ${plain(line).replace(/\s*\n\s*/g, ' ')}\n`);
  if (lines.length > shown) io.stdout.write(`  and ${lines.length - shown} more\n`);
}
