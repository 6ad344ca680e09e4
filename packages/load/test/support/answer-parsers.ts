import { createRequire } from 'node:module';
import { ResponseFramer } from '../../src/http1/response-framer.ts';
import { complete, interim, reading } from '../../src/http1/framer-state.ts';
import type { AnswerStream } from './answer-streams.ts';

/** What a parser makes of a stream: its answers, and how it stands at the end of the connection. */
export interface Reading {
  /**
   * `200 body` for each complete answer, also for those that another one to the same request follows. Whether the
   * connection survives an answer shows in whether the next one is read.
   */
  readonly answers: string[];
  readonly end: 'between' | 'within' | 'wrong';
}

/** How the framer reads it. */
export function readWithFramer({ pieces, heads }: AnswerStream): Reading {
  const framer = new ResponseFramer({ maxHead: 1e6, maxBody: Infinity, maxKept: Infinity });
  const answers: string[] = [];
  let [body, next, begun] = ['', 0, false];
  const sink = { add: (bytes: Uint8Array, from: number, to: number) => (body += latin1(bytes, from, to)) };
  framer.expect(heads[0] ?? false, sink);
  const ended = (): void => {
    answers.push(`${framer.status} ${body}`);
    body = '';
    if (framer.progress === complete) framer.expect(heads[++next] ?? false, sink);
  };
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      at = framer.read(piece, at, piece.length);
      begun = framer.isWithin;
      if (framer.progress === complete || framer.progress === interim) ended();
      else if (framer.progress !== reading) return { answers, end: 'wrong' };
    }
  }
  if (framer.end()) {
    ended();
    begun = false;
  }
  return { answers, end: begun ? 'within' : 'between' };
}

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');

/** The parser of `node:http`, as far as it is used here. */
interface NodeParser {
  initialize(type: number, resource: object, maxHeaderSize: number, lenient: number): void;
  execute(bytes: Buffer): number | Error;
  finish(): Error | undefined;
  close(): void;
  [event: number]: (...args: never[]) => unknown;
}

type ParserConstant = 'RESPONSE' | 'kOnHeaders' | 'kOnHeadersComplete' | 'kOnBody' | 'kOnMessageComplete';
type NodeParserClass = (new () => NodeParser) & Record<ParserConstant, number>;

const { HTTPParser } = createRequire(import.meta.url)('node:_http_common') as { HTTPParser: NodeParserClass };

/** How the parser of Node reads it, with what `node:http` tells it about HEAD and about statuses from 100 to 199. */
export function readWithNode({ pieces, heads }: AnswerStream): Reading {
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.RESPONSE, {}, 1e6, 0);
  const answers: string[] = [];
  let [status, body, next] = [0, '', 0];
  parser[HTTPParser.kOnHeaders] = () => {};
  parser[HTTPParser.kOnHeadersComplete] = (...head: never[]) => {
    status = head[5]!;
    if (status >= 100 && status < 200) return 1;
    return heads[next] === true ? 1 : 0;
  };
  parser[HTTPParser.kOnBody] = (bytes: Buffer) => {
    body += bytes.toString('latin1');
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (status < 100 || status >= 200) next += 1;
    answers.push(`${status} ${body}`);
    body = '';
  };
  try {
    for (const piece of pieces) {
      if (typeof parser.execute(piece) !== 'number') return { answers, end: 'wrong' };
    }
    return { answers, end: parser.finish() === undefined ? 'between' : 'within' };
  } finally {
    parser.close();
  }
}

/**
 * Where llhttp before 9.4 is neither strict nor as the standard has it: a tab behind a length or an option of a
 * connection, a status line with two carriage returns, and (before 9.3) DEL in a quoted value of a chunk extension. The
 * framer takes the first and refuses the others.
 */
const olderParsers =
  /content-length:[ \t]*\d+ *\t|(?:close|keep-alive|upgrade) *\t|HTTP\/\d\.\d \d{3}(?: [^\r\n]*)?\r\r|;[^\r\n]*"[^\r\n]*\u007f/i;

/** Whether the parser of this Node is known to read a stream in another way. */
const isReadOtherwise = (stream: AnswerStream): boolean => olderParsers.test(wireOf(stream));

/** What both make of a stream; equal unless one of them is wrong. `undefined` where they are known to differ. */
export function compareReadings(stream: AnswerStream): { ours: Reading; theirs: Reading; agree: boolean } | undefined {
  if (isReadOtherwise(stream)) return undefined;
  const [ours, theirs] = [readWithFramer(stream), readWithNode(stream)];
  const same = (answer: string, i: number): boolean => answer === theirs.answers[i];
  const agree = ours.end === theirs.end && ours.answers.length === theirs.answers.length && ours.answers.every(same);
  return { ours, theirs, agree };
}

/** Streams that were read, by how they ended, and their answers. */
export interface FuzzCounts {
  streams: number;
  answers: number;
  skipped: number;
  between: number;
  within: number;
  wrong: number;
}

/**
 * Reads streams with both parsers until there were so many answers.
 *
 * @returns the first disagreements, at most ten, as text
 */
export function fuzzFramer(streams: Iterable<AnswerStream>, answers: number): { counts: FuzzCounts; found: string[] } {
  const counts = { streams: 0, answers: 0, skipped: 0, between: 0, within: 0, wrong: 0 };
  const found: string[] = [];
  for (const stream of streams) {
    const compared = compareReadings(stream);
    counts.streams += 1;
    if (compared === undefined) counts.skipped += 1;
    else {
      counts.answers += compared.theirs.answers.length;
      counts[compared.theirs.end] += 1;
      if (!compared.agree) found.push(JSON.stringify({ wire: wireOf(stream), heads: stream.heads, ...compared }));
    }
    if (counts.answers >= answers || found.length === 10) break;
  }
  return { counts, found };
}

const wireOf = ({ pieces }: AnswerStream): string => Buffer.concat(pieces).toString('latin1');
