import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzFramer, readWithFramer, readWithNode } from '../../test/support/answer-parsers.ts';
import { answerStreams, type AnswerStream } from '../../test/support/answer-streams.ts';

const stream = (wire: string, heads: readonly boolean[] = []): AnswerStream => ({
  pieces: [Buffer.from(wire, 'latin1')],
  heads,
});

describe('the framer against the parser of Node', () => {
  it('takes and refuses the same answers, and finds the same ends in the ones it takes', () => {
    const { counts, found } = fuzzFramer(answerStreams(20_261), 20_000);
    expect(found).toEqual([]);
    // All three ends are met often, and next to nothing is left out.
    expect([counts.between > 5000, counts.within > 300, counts.wrong > 3000, counts.skipped < 50]).toEqual(
      Array(4).fill(true),
    );
  });

  it('reads the same however the bytes are cut', () => {
    const source = answerStreams(7);
    const streams = Array.from({ length: 300 }, () => source.next().value as AnswerStream);
    const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] =>
      [0, ...places].map((place, i) => bytes.subarray(place, places[i] ?? bytes.length));
    fc.assert(
      fc.property(fc.constantFrom(...streams), fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (drawn, cuts) => {
        const bytes = Buffer.concat(drawn.pieces);
        const places = cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b);
        const whole = readWithFramer({ pieces: [bytes], heads: drawn.heads });
        expect(readWithFramer({ pieces: cutAt(bytes, places), heads: drawn.heads })).toEqual(whole);
        const bytewise = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
        expect(readWithFramer({ pieces: bytewise, heads: drawn.heads })).toEqual(whole);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  const to = (fields: string, body = ''): string => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

  it.each<[string, string]>([
    ['a length', to('Content-Length: 3\r\n', 'abc')],
    ['a length with zeros before it', to('content-length: 0003\r\n', 'abc')],
    ['a length with a sign', to('content-length: +3\r\n', 'abc')],
    ['a length with a comma', to('content-length: 3, 3\r\n', 'abc')],
    ['a length that is empty', to('content-length: \r\n', 'abc')],
    ['a length above 64 bits', to('content-length: 28446744073709551616\r\n', 'abc')],
    ['two lengths', to('content-length: 3\r\ncontent-length: 3\r\n', 'abc')],
    ['a length and a coding', to('content-length: 3\r\ntransfer-encoding: chunked\r\n', '0\r\n\r\n')],
    ['a coding and a length', to('transfer-encoding: chunked\r\ncontent-length: 3\r\n', '0\r\n\r\n')],
    ['chunks', to('transfer-encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n')],
    ['chunks with extensions', to('transfer-encoding: chunked\r\n', '3;a;b=c;d="e\\"f"\r\nabc\r\n0;x\r\n\r\n')],
    ['chunks with a space behind the size', to('transfer-encoding: chunked\r\n', '3 \r\nabc\r\n0\r\n\r\n')],
    ['chunks with trailers', to('transfer-encoding: chunked\r\n', '3\r\nabc\r\n0\r\na: b\r\n\r\n')],
    ['chunks that end with a line feed alone', to('transfer-encoding: chunked\r\n', '3\r\nabc\n0\r\n\r\n')],
    ['a chunk above 64 bits', to('transfer-encoding: chunked\r\n', '20000000000000000\r\nabc')],
    ['another coding in the end', to('transfer-encoding: chunked, gzip\r\n', 'abc')],
    [
      'chunked in the end, over two lines',
      to('transfer-encoding: gzip\r\ntransfer-encoding: CHUNKED\r\n', '0\r\n\r\n'),
    ],
    ['the end of the connection', to('', 'abc')],
    ['a line feed alone behind the status', 'HTTP/1.1 200 OK\ncontent-length: 0\r\n\r\n'],
    ['a line feed alone behind a field', to('content-length: 0\n')],
    ['a carriage return alone', to('a: b\rc: d\r\ncontent-length: 0\r\n')],
    ['a folded line', to('a: b\r\n c\r\ncontent-length: 0\r\n')],
    ['a folded line behind nothing', to('a:\r\n c\r\ncontent-length: 0\r\n')],
    ['a space before the first field', to(' a: b\r\ncontent-length: 0\r\n')],
    ['a space before a colon', to('a : b\r\ncontent-length: 0\r\n')],
    ['a field without a name', to(': b\r\ncontent-length: 0\r\n')],
    ['a field without a colon', to('abc\r\ncontent-length: 0\r\n')],
    ['a byte of 0 in a value', to('a: \u0000\r\ncontent-length: 0\r\n')],
    ['bytes above 127 in a value', to('a: \u0080\u00ff\r\ncontent-length: 0\r\n')],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/1.0 that is kept alive', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/2.0', 'HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/1.2', 'HTTP/1.2 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['lower case', 'http/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['no reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n'],
    ['two digits', 'HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n'],
    ['four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
    ['closing', to('connection: close\r\ncontent-length: 0\r\n')],
    ['closing among others', to('connection: foo, Close ,bar\r\ncontent-length: 0\r\n')],
    ['closing the proxy', to('proxy-connection: close\r\ncontent-length: 0\r\n')],
    ['something like closing', to('connection: closed, not-close\r\ncontent-length: 0\r\n')],
    ['a length with 204', 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n'],
    ['chunks with 304', 'HTTP/1.1 304 Not Modified\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['a length with 100', 'HTTP/1.1 100 Continue\r\ncontent-length: 5\r\n\r\n'],
    ['empty lines before it', `\r\n\n\r${to('content-length: 0\r\n')}`],
  ])('agrees on %s', (_, wire) => {
    // What follows tells whether the connection survived.
    const streams = [stream(wire), stream(wire + to('content-length: 1\r\n', 'x')), stream(wire, [true])];
    for (const each of streams) expect(readWithFramer(each)).toEqual(readWithNode(each));
  });
});
