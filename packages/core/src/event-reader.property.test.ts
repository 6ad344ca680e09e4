import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader } from './event-reader.ts';

/** All events of a text that comes in these pieces. */
function read(pieces: readonly string[]): readonly string[] {
  const events: string[] = [];
  const reader = new EventReader((data) => events.push(data));
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return events;
}

function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, n) => text.slice(ends[n - 1] ?? 0, end));
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
        expect(read(cut(text, places))).toEqual(events.map((lines) => lines.join('\n')));
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
    expect(read([text])).toEqual(expected);
  });

  it('gives each event with the piece that completes it', () => {
    const events: string[] = [];
    const reader = new EventReader((data) => events.push(data));
    const pieces = ['data: a\n', '\nda', 'ta: b\r\n\r', '\ndata: c'].map((text) => {
      reader.push(text);
      return events.splice(0);
    });
    expect(pieces).toEqual([[], ['a'], ['b'], []]);
  });

  describe.each([1, 3, 100])('with a limit, in pieces of %i', (size) => {
    const limited = (text: string, length: number): readonly string[] => {
      const seen: string[] = [];
      const reader = new EventReader((data) => seen.push(data), { length, onTooLong: () => seen.push('too long') });
      for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
      return seen;
    };

    it('keeps nothing of an event of many lines, is told of it once, and reads the next', () => {
      const text = `data: abc\n\n${'data: abc\n'.repeat(9)}\ndata: last\n\n`;
      // A line counts 32 characters more than it has.
      expect(limited(text, 4 * 35 - 1)).toEqual(['abc', 'too long', 'last']);
      expect(limited(text, 9 * 35)).toEqual(['abc', 'abc\n'.repeat(9).slice(0, -1), 'last']);
    });

    it('keeps nothing of a line that is too long', () => {
      const text = `data: ${'x'.repeat(40)}\r\ndata: of the same\r\n\r\ndata: a\r\n\r\n`;
      expect(limited(text, 45)).toEqual(['too long', 'a']);
    });
  });
});
