import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, PerfError } from '@perfkeel/core';

const peer = '@memlab/heap-analysis';

/** Where memlab is installed. @throws PerfError `no-memlab` with the command that installs it. */
function locate(from: string): string {
  try {
    return createRequire(from).resolve(peer);
  } catch (error) {
    throw new PerfError(`${peer} is not installed`, {
      code: 'no-memlab',
      hint: `Install it where it is to be used: PUPPETEER_SKIP_DOWNLOAD=1 npm install --save-dev ${peer}`,
      cause: error,
    });
  }
}

/** Runs inside the other process, where `memlab` is the package, `input` what was handed over and `answer` takes the result. */
const frame = (program: string): string => `
const { writeFileSync } = require('node:fs');
const [path, text, out] = process.argv.slice(1);
const memlab = require(path);
const answer = (bytes) => { writeFileSync(out, bytes); process.exit(0); };
(async (input) => {${program}})(JSON.parse(text)).catch((error) => { console.error(error); process.exit(1); });
`;

export interface MemlabTask {
  /** The body of an async function over `memlab`, `input` and `answer`. */
  readonly program: string;
  readonly input: unknown;
  /** A module beside which memlab is looked for. */
  readonly from?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

const tenMinutes = 600_000;

/**
 * Runs memlab in a process of its own, in an empty folder: it takes 50 MB to load, holds several times the snapshot, and
 * writes files where it stands.
 */
export async function inMemlabProcess({ program, input, from, timeoutMs = tenMinutes }: MemlabTask): Promise<Buffer> {
  const path = locate(from ?? import.meta.url);
  const folder = await mkdtemp(join(tmpdir(), 'perfkeel-memlab-'));
  const out = join(folder, 'answer');
  try {
    await start(['--max-old-space-size=8192', '--eval', frame(program), path, JSON.stringify(input), out], {
      cwd: folder,
      timeout: timeoutMs,
    });
    return await readFile(out);
  } catch (error) {
    throw new PerfError(`memlab could not read the snapshot: ${lastLine(messageOf(error))}`, {
      code: 'memlab-failed',
      hint: 'Open the file with openSnapshot: it says what is wrong with it.',
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function start(args: readonly string[], options: { readonly cwd: string; readonly timeout: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { ...options, maxBuffer: 2 ** 26 }, (error, _, stderr) => {
      if (error === null) resolve();
      else reject(new Error(error.killed ? `stopped after ${options.timeout} ms` : stderr || 'it ended by itself'));
    });
  });
}

/** The message of an error that was printed with its stack. */
const lastLine = (text: string): string =>
  text.split('\n').find((line) => /^\w*Error\b|^Error/.test(line.trim())) ?? text.trim().split('\n').at(-1) ?? text;
