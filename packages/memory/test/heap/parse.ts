import { HeapGraph } from '../../src/snapshot/heap-graph.ts';
import { SnapshotParser } from '../../src/snapshot/snapshot-parser.ts';

/** Parses a text that arrives in pieces of this many bytes. */
export function parse(text: string | Uint8Array, pieces = Number.POSITIVE_INFINITY): HeapGraph {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const parser = new SnapshotParser();
  for (let at = 0; at < bytes.length; at += pieces) parser.write(bytes.subarray(at, at + pieces));
  return new HeapGraph(parser.end());
}
