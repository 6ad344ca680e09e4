import { pathToFileURL } from 'node:url';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import {
  formatQuantity,
  nanosFromMs,
  reviveError,
  stackLocations,
  usageError,
  type PerfError,
  type SerialisedError,
} from '@perfkeel/core';

/** A configuration is data: it is there in milliseconds, or never. */
const longestMs = 20_000;

type Answer = { readonly value: unknown } | { readonly thrown: Partial<SerialisedError> };

/** Runs in a thread of its own: nothing else can end a module that loops for ever. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
process.setSourceMapsEnabled(true);
import(workerData).then(({ default: value }) => parentPort.postMessage({ value })).catch((error) => {
  const { message = String(error), stack, code, hint, exitCode, location, excerpt } = error ?? {};
  const own = error?.[Symbol.for('perfkeel.PerfError')] ? { code, hint, exitCode, location, excerpt } : {};
  parentPort.postMessage({ thrown: { message, stack, ...own } });
});`;

/**
 * The default export of a module, which must be plain data.
 *
 * @param module what to import
 * @param source the file that the user wrote, for messages
 * @throws PerfError `bad-config` or `never-read` (exit 2) when it throws, or does not come to its end.
 */
export async function importDefault(module: string, source: string, limitMs = longestMs): Promise<unknown> {
  const worker = new Worker(program, { eval: true, workerData: pathToFileURL(module).href, env: SHARE_ENV });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      timer = setTimeout(() => reject(neverRead(source, limitMs)), limitMs);
      worker.once('message', resolve);
      worker.once('error', (error: Error) => resolve({ thrown: { message: error.message, ...stackOf(error) } }));
      worker.once('exit', () => resolve({ thrown: { message: 'it ended its process' } }));
    });
    if ('value' in answer) return answer.value;
    throw asConfigError(answer.thrown, source);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

const stackOf = ({ stack }: Error): { readonly stack?: string } => (stack === undefined ? {} : { stack });

function asConfigError(thrown: Partial<SerialisedError>, source: string): PerfError {
  const { message = '', stack = '', code } = thrown;
  if (code !== undefined) return reviveError(thrown as SerialisedError);
  return usageError(`${source} throws: ${message}`, {
    code: 'bad-config',
    hint: 'Correct it; nothing was measured.',
    location: stackLocations(stack).find(({ file }) => file === source),
  });
}

const neverRead = (source: string, limitMs: number): PerfError =>
  usageError(`${source} was not read to its end in ${formatQuantity(nanosFromMs(limitMs), 'ns')}`, {
    code: 'never-read',
    hint: 'Does it loop, or wait for something? A configuration is data.',
    location: { file: source, line: 1, column: 1 },
  });
