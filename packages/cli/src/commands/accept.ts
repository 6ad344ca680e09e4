import { randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { describeMax, isDay, parseMax, type Acceptance, type AcceptedSize } from '@perfkeel/baseline';
import { ExitCode, usageError } from '@perfkeel/core';
import { readAcceptances, writeAcceptance } from '../ci/acceptance-files.ts';
import { askGit } from '@perfkeel/runner';
import { loadConfig } from '../config.ts';
import { plain, type Io } from '../io.ts';

export interface AcceptOptions {
  readonly dir?: string;
  readonly reason?: string;
  readonly max?: string;
  readonly expires?: string;
  readonly list?: boolean;
}

const longest = { pattern: 200, reason: 500 } as const;

/** `perfkeel accept <pattern> --reason <text>`: writes down that a regression is meant. Returns the exit code. */
export async function acceptCommand(pattern: string | undefined, options: AcceptOptions, io: Io): Promise<number> {
  const { root } = await loadConfig(io, options.dir);
  if (options.list) return await list(root, io);
  const wanted = required('a pattern', pattern, longest.pattern, 'perfkeel accept "checkout p99" --reason "..."');
  const reason = required('--reason', options.reason, longest.reason, '--reason "why it is worth it"');
  const now = new Date();
  const sha = await askGit(root, ['rev-parse', 'HEAD']);
  const size = options.max === undefined ? {} : sizeOf(options.max);
  const expires = options.expires === undefined ? undefined : dayOf(options.expires, now);
  const acceptance: Acceptance = {
    id: idOf(wanted, now),
    pattern: wanted,
    reason,
    ...size,
    ...(expires === undefined ? {} : { expires }),
    at: now.toISOString(),
    ...(sha ? { sha } : {}),
  };
  const file = await writeAcceptance(root, acceptance);
  io.stdout.write(`wrote ${relative(io.cwd, file)}\n`);
  io.stdout.write('Commit it with the change: it is reviewed there, and begins a new epoch when it is merged.\n');
  if (options.max === undefined) {
    const all = /^\*+$/.test(wanted) ? 'every benchmark, at ' : '';
    io.stdout.write(`It accepts ${all}any size; --max +12% would bound it, or of a share --max '+3 points'.\n`);
  }
  return ExitCode.Ok;
}

function required(what: string, text: string | undefined, most: number, example: string): string {
  const words = text?.trim() ?? '';
  if (words !== '' && words.length <= most && words === plain(words) && !words.includes('\n')) return words;
  const got = words === '' ? 'there is none' : 'it is longer, or has more than one line';
  throw usageError(`${what} is a text of 1 to ${most} characters on one line: ${got}`, {
    code: 'bad-option',
    hint: `Write ${example}.`,
  });
}

function sizeOf(text: string): AcceptedSize {
  const size = parseMax(text);
  if ((size.max ?? size.maxDifference?.value ?? 0) > 0) return size;
  throw usageError(`--max is ${text}, which accepts nothing`, { code: 'bad-option', hint: 'Write --max +12%.' });
}

function dayOf(text: string, now: Date): string {
  const example = new Date(now.getTime() + 90 * 86_400_000).toISOString().slice(0, 10);
  if (!isDay(text)) {
    throw usageError(`--expires is ${text}, which is no day`, {
      code: 'bad-option',
      hint: `Write --expires ${example}.`,
    });
  }
  if (text >= now.toISOString().slice(0, 10)) return text;
  throw usageError(`--expires is ${text}, which is over`, { code: 'bad-option', hint: `Write --expires ${example}.` });
}

/** Two people who accept the same in two branches write two files, which merge. */
function idOf(pattern: string, now: Date): string {
  const words = pattern
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [now.toISOString().slice(0, 10), words.replace(/-+$/, ''), randomBytes(3).toString('hex')]
    .filter((part) => part !== '')
    .join('-');
}

async function list(root: string, io: Io): Promise<number> {
  const all = await readAcceptances(root);
  if (all.length === 0) io.stdout.write('Nothing was accepted.\n');
  for (const { id, pattern, reason, expires, ...size } of all) {
    const max = describeMax(size);
    const bounds = [
      ...(max === undefined ? [] : [`up to ${max}`]),
      ...(expires === undefined ? [] : [`until ${expires}`]),
    ];
    const within = bounds.length === 0 ? '' : ` (${bounds.join(', ')})`;
    io.stdout.write(`${plain(`${id}  ${pattern}${within}: ${reason}`)}\n`);
  }
  return ExitCode.Ok;
}
