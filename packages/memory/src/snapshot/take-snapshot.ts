import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { messageOf, PerfError, usageError } from '@perfkeel/core';
import { refuseWithoutDisk } from './disk-room.ts';
import { memoryRoom, refuseWithoutRoom } from './memory-room.ts';
import { ownProcess, type SnapshotSource } from './snapshot-source.ts';

export interface TakeSnapshotOptions {
  /** Whose heap. @default this process */
  readonly source?: SnapshotSource | undefined;
  /** Also when memory or disk may not suffice: the process may be lost. @default false */
  readonly force?: boolean | undefined;
}

export interface SnapshotInfo {
  readonly file: string;
  /** Of the file, in bytes. */
  readonly bytes: number;
  /** Of the heap before the snapshot, in bytes. */
  readonly heapUsed: number;
  /** Wall time, in milliseconds. */
  readonly durationMs: number;
}

const endings = ['.heapsnapshot', '.heapsnapshot.gz', '.heapsnapshot.br'];

/**
 * Writes a heap snapshot, compressed as the file's name says: `.heapsnapshot.br` is a sixth of the size in little time.
 * The file appears when it is complete; a failure leaves none. The process stands still meanwhile, 60 ms for each
 * megabyte of small objects and more on a busy machine.
 *
 * @throws PerfError `bad-option` for another name, `not-enough-memory` when up to 14 times the heap is not free,
 * `not-enough-disk` when up to 4 times the heap is not free there, `not-writable` when the folder is missing or the disk
 * is full all the same.
 * @example
 * await takeSnapshot('before.heapsnapshot.br');
 */
export async function takeSnapshot(file: string, options: TakeSnapshotOptions = {}): Promise<SnapshotInfo> {
  if (typeof file !== 'string' || !endings.some((ending) => file.endsWith(ending))) {
    throw usageError(`a snapshot cannot be written to ${JSON.stringify(file)}`, {
      code: 'bad-option',
      hint: `Its name ends in ${endings.join(', ')}.`,
    });
  }
  const source = options.source ?? ownProcess;
  const began = performance.now();
  const heapUsed = await source.heapUsed();
  if (options.force !== true) {
    refuseWithoutRoom(heapUsed, memoryRoom(source.pid));
    refuseWithoutDisk(heapUsed, file);
  }
  await writeWhole(source, file);
  return { file, bytes: (await stat(file)).size, heapUsed, durationMs: performance.now() - began };
}

async function writeWhole(source: SnapshotSource, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.partial`;
  const raw = `${unfinished}.raw`;
  try {
    await source.writeSnapshot(raw);
    const compress = compressorFor(file);
    if (compress !== undefined) {
      await pipeline(createReadStream(raw), compress, createWriteStream(unfinished, { mode: 0o600 }));
    }
    await rename(compress === undefined ? raw : unfinished, file);
  } catch (error) {
    throw notWritten(file, error);
  } finally {
    await Promise.all([raw, unfinished].map((path) => rm(path, { force: true })));
  }
}

function compressorFor(file: string) {
  if (file.endsWith('.gz')) return createGzip({ level: 1 });
  if (!file.endsWith('.br')) return undefined;
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}

function notWritten(file: string, error: unknown): unknown {
  if (error instanceof PerfError) return error;
  // What another process says of it comes as a text alone, perhaps with its stack.
  const said = messageOf(error)
    .split('\n')[0]!
    .replace(/^Error: /, '');
  const { code = said } = error as NodeJS.ErrnoException;
  const isFull = /\b(?:ENOSPC|EDQUOT|EFBIG)\b/.test(code);
  const why = isFull ? 'the disk is full' : said;
  return new PerfError(`cannot write the snapshot ${file}: ${why}; nothing was left behind`, {
    code: 'not-writable',
    hint: isFull
      ? 'Make room for about twice the heap, or write to another disk.'
      : 'Name a file in a folder that exists and may be written to.',
    cause: error,
  });
}
