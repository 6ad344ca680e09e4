import { createReadStream, type ReadStream } from 'node:fs';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { messageOf, PerfError, usageError } from '@perfkeel/core';
import { HeapGraph } from './heap-graph.ts';
import { badSnapshot, inFile } from './snapshot-error.ts';
import { SnapshotParser } from './snapshot-parser.ts';

/** Larger chunks read no faster. */
const chunkSize = 1 << 20;

/**
 * Reads a heap snapshot of Node or Chrome: `.heapsnapshot`, also compressed as `.gz` or `.br`. Needs about two and a
 * half times the snapshotted heap's size in memory while it reads, and as much again for retained sizes.
 *
 * @throws PerfError `no-file` or `not-readable` when there is nothing to read, `bad-snapshot` for a file that is cut
 * off, damaged, or something else than a heap snapshot.
 * @example
 * const heap = await openSnapshot('before.heapsnapshot');
 * heap.retainedSize(0) > heap.selfSize(0); // true
 */
export async function openSnapshot(file: string): Promise<HeapGraph> {
  if (typeof file !== 'string' || file === '') {
    throw usageError(`a snapshot is named by its file, not by ${JSON.stringify(file)}`, {
      code: 'bad-option',
      hint: "Write openSnapshot('before.heapsnapshot').",
    });
  }
  const parser = new SnapshotParser();
  try {
    for await (const chunk of chunksOf(file)) parser.write(chunk as Uint8Array);
    return new HeapGraph(parser.end());
  } catch (error) {
    throw inFile(file, notReadable(file, error));
  }
}

function chunksOf(file: string): AsyncIterable<unknown> {
  const source = createReadStream(file, { highWaterMark: chunkSize });
  if (file.endsWith('.gz')) return through(source, createGunzip({ chunkSize }));
  if (file.endsWith('.br')) return through(source, createBrotliDecompress({ chunkSize }));
  return source;
}

function through(source: ReadStream, decoder: ReturnType<typeof createGunzip>): AsyncIterable<unknown> {
  source.once('error', (error) => decoder.destroy(error));
  decoder.once('close', () => source.destroy());
  return source.pipe(decoder);
}

const decoding = /^(?:Z_|ERR_BROTLI|ERR__ERROR|ERR_)/;

function notReadable(file: string, error: unknown): unknown {
  if (error instanceof PerfError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    return new PerfError(`there is no snapshot ${file}`, { code: 'no-file', hint: 'Name a .heapsnapshot file.' });
  }
  if (code === 'Z_BUF_ERROR') return badSnapshot('is cut off: what it is compressed with goes on there');
  if (code !== undefined && decoding.test(code)) {
    return badSnapshot(`is not compressed as its name says: ${messageOf(error)}`, 'Name it as what it is.');
  }
  return new PerfError(`cannot read the snapshot ${file}: ${messageOf(error)}`, {
    code: 'not-readable',
    hint: 'Name a .heapsnapshot file that you may read.',
    cause: error,
  });
}
