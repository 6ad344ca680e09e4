import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader } from './event-reader.ts';

/** All events of bytes that come in these pieces. */
function read(pieces: readonly Uint8Array[]): readonly string[] {
  const reader = new EventReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

function cut(bytes: Buffer, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, n) => bytes.subarray(ends[n - 1] ?? 0, end));
}

describe('EventReader', () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\uFEFF]/g, ''));
  const event = fc.array(line, { minLength: 1, maxLength: 3 }).filter((lines) => lines.join('') !== '');
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

  it('gives what was written, wherever the stream is cut and however its lines end', () => {
    fc.assert(
      fc.property(fc.array(event), lineEnd, fc.array(fc.nat()), (events, end, places) => {
        const text = events
          .map((lines) => `: note${end}event: x${end}${lines.map((each) => `data: ${each}${end}`).join('')}${end}`)
          .join('');
        expect(read(cut(Buffer.from(text), places))).toEqual(events.map((lines) => lines.join('\n')));
      }),
    );
  });

  it.each([
    ['several events in one piece', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['no blank behind the colon', 'data:a\n\n', ['a']],
    ['a mark of the byte order', '\uFEFFdata: a\n\n', ['a']],
    ['an end without an empty line', 'data: a\n\ndata: b', ['a', 'b']],
    ['events without data', 'event: ping\n\ndata:\n\n: note\n\n', []],
  ])('reads %s', (_, text, expected) => {
    expect(read([Buffer.from(text)])).toEqual(expected);
  });

  it('gives each event with the piece that completes it', () => {
    const reader = new EventReader();
    const pieces = ['data: a\n', '\nda', 'ta: b\r\n\r', '\n'].map((text) => reader.push(Buffer.from(text)));
    expect(pieces).toEqual([[], ['a'], [], ['b']]);
  });
});
