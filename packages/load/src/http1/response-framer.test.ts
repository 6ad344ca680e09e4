import { describe, expect, it } from 'vitest';
import { complete, interim, reading, tooLarge, wrong } from './framer-state.ts';
import { ResponseFramer } from './response-framer.ts';

const framer = (limits: Partial<{ maxHead: number; maxBody: number; maxKept: number }> = {}): ResponseFramer =>
  new ResponseFramer({ maxHead: 1000, maxBody: Infinity, maxKept: Infinity, ...limits });

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('the framer of answers', () => {
  it('stops at the end of each answer', () => {
    const read = framer();
    const both = bytes(ok + ok.replace('200', '404'));
    expect([read.read(both, 0, both.length), read.progress, read.status, read.keepAlive]).toEqual([
      40,
      complete,
      200,
      true,
    ]);
    expect([read.read(both, 40, both.length), read.progress, read.status]).toEqual([80, complete, 404]);
  });

  it('tells an answer with more to come from the last one', () => {
    const read = framer();
    const both = bytes(`HTTP/1.1 100 Continue\r\n\r\n${ok}`);
    expect([read.read(both, 0, both.length), read.progress, read.status]).toEqual([25, interim, 100]);
    expect([read.read(both, 25, both.length), read.progress, read.status]).toEqual([both.length, complete, 200]);
  });

  it('knows how far it is', () => {
    const read = framer();
    const states = Array.from(bytes(ok), (byte) => {
      read.read(Uint8Array.of(byte), 0, 1);
      return [read.isWithin, read.hasHead, read.progress].map(Number).join('');
    });
    expect(states.slice(0, 38).every((state) => state === `1${0}${reading}` || state === `1${1}${reading}`)).toBe(true);
    expect(states.indexOf(`1${1}${reading}`)).toBe(ok.indexOf('ok') - 1);
    expect(states.at(-1)).toBe(`0${0}${complete}`);
  });

  it('takes the end of the connection for the end of an answer only where nothing else is', () => {
    const read = framer();
    expect(read.end()).toBe(false);
    const endless = bytes('HTTP/1.1 200 OK\r\n\r\nabc');
    read.read(endless, 0, endless.length);
    expect([read.progress, read.isWithin, read.end(), read.keepAlive, read.isWithin]).toEqual([
      reading,
      true,
      true,
      false,
      false,
    ]);
    const cut = bytes(ok.slice(0, -1));
    const other = framer();
    other.read(cut, 0, cut.length);
    expect(other.end()).toBe(false);
  });

  it('ends with 101, and reads nothing behind an answer that closes', () => {
    const read = framer();
    const upgrade = bytes('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    read.read(upgrade, 0, upgrade.length);
    expect([read.progress, read.keepAlive]).toEqual([complete, false]);
    read.read(bytes('\r\n'), 0, 2);
    expect(read.progress).toBe(reading);
    read.read(bytes('x'), 0, 1);
    expect([read.progress, read.reason]).toEqual([wrong, 'bytes behind an answer that closes its connection']);
  });

  it.each([1, 3, 1000])('has a limit for heads that does not depend on how they come: %d at a time', (size) => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
    const progress = (maxHead: number): number => {
      const read = framer({ maxHead });
      for (let at = 0; at < head.length && read.progress === reading; at += size) {
        const piece = bytes(head.slice(at, at + size));
        read.read(piece, 0, piece.length);
      }
      return read.progress;
    };
    expect([progress(head.length), progress(head.length - 1)]).toEqual([complete, tooLarge]);
  });

  it('counts neither a body nor many small chunks as a head', () => {
    const read = framer({ maxHead: 60, maxBody: 300 });
    const chunks = bytes(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(300)}0\r\n\r\n`);
    read.read(chunks, 0, chunks.length);
    expect(read.progress).toBe(complete);
    const long = bytes(ok.replace(': 2', ': 300').replace('ok', 'o'.repeat(300)));
    read.read(long, 0, long.length);
    expect(read.progress).toBe(complete);
  });

  it('hands on the bytes of a body, and only those', () => {
    const read = framer();
    let body = '';
    read.expect(false, { add: (all, from, to) => (body += Buffer.from(all.subarray(from, to)).toString()) });
    const chunks = bytes(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\nf: g\r\n\r\n',
    );
    for (let at = 0; at < chunks.length; at += 2) read.read(chunks, at, Math.min(at + 2, chunks.length));
    expect([read.progress, body]).toEqual([complete, 'abcde']);
  });

  it('allocates nothing', () => {
    const read = framer();
    const answers = [
      ok,
      'HTTP/1.1 200 OK\r\nDate: Fri, 21 Nov 2026 05:02:15 GMT\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a="b"\r\nok\r\n0\r\nx: y\r\n\r\n',
    ].map(bytes);
    const readAll = (times: number): void => {
      for (let i = 0; i < times; i++) {
        const answer = answers[i % answers.length]!;
        const half = 1 + (i % (answer.length - 1));
        read.read(answer, 0, half);
        if (read.progress === reading) read.read(answer, half, answer.length);
      }
    };
    readAll(50_000);
    const before = process.memoryUsage().heapUsed;
    readAll(100_000);
    // One number for each answer alone would be 1.6 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(0.4e6);
  });
});
