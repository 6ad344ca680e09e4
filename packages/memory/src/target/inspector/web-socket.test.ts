import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, frame, type Frame } from './web-socket.ts';

/** A frame as a server sends it: not masked. */
function served(opcode: number, payload: Buffer, isLast = true): Buffer {
  const masked = frame(opcode, payload);
  const header = masked.subarray(0, masked.length - payload.length - 4);
  header[0] = (isLast ? 0x80 : 0) | opcode;
  header[1]! &= 0x7f;
  return Buffer.concat([header, payload]);
}

describe('frames', () => {
  it('are read however they are cut', () => {
    const sizes = fc.array(fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536, 70_000), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 40 }),
        (lengths, cuts) => {
          const payloads = lengths.map((length, i) => Buffer.alloc(length, 65 + i));
          const wire = Buffer.concat(payloads.map((payload, i) => served(1, payload, i % 2 === 0)));
          const frames: Frame[] = [];
          const read = createFrameReader((each) => frames.push(each));
          for (let at = 0, i = 0; at < wire.length; i++) {
            const next = at + cuts[i % cuts.length]!;
            read(wire.subarray(at, next));
            at = next;
          }
          expect(frames.map(({ payload }) => payload.toString())).toEqual(payloads.map(String));
          expect(frames.map(({ isLast }) => isLast)).toEqual(payloads.map((_, i) => i % 2 === 0));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of a client are masked, and come back by the same mask', () => {
    const sent = frame(1, Buffer.from('hello'));
    expect(sent.subarray(0, 2)).toEqual(Buffer.from([0x81, 0x85]));
    const mask = sent.subarray(2, 6);
    expect(Buffer.from(sent.subarray(6).map((byte, i) => byte ^ mask[i & 3]!)).toString()).toBe('hello');
  });
});
