import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachLine } from './lines.ts';

/** What arrives when a text comes in these pieces. */
async function linesOf(text: string, cuts: readonly number[], whole: boolean): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line), whole);
  const edges = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  for (const [index, edge] of edges.slice(1).entries()) stream.write(text.slice(edges[index], edge));
  stream.end();
  await new Promise((resolve) => stream.once('end', resolve));
  return lines;
}

const words = fc.array(fc.stringMatching(/^[a-zü ]{0,12}$/), { maxLength: 8 });
const cuts = fc.array(fc.nat(), { maxLength: 6 });

test('whole lines are the same however the text was cut', async () => {
  await fc.assert(
    fc.asyncProperty(words, cuts, fc.constantFrom('\n', '\r\n'), async (lines, where, end) => {
      const text = lines.map((line) => line + end).join('') + 'unfinished';
      expect(await linesOf(text, where, true)).toEqual(lines);
    }),
  );
});

test('an unfinished line is given too, and every whole one still comes', async () => {
  await fc.assert(
    fc.asyncProperty(words, cuts, async (lines, where) => {
      const seen = await linesOf(lines.map((line) => `${line}\n`).join('') + 'last', where, false);
      expect(seen.at(-1)).toBe('last');
      expect(seen).toEqual(expect.arrayContaining(lines));
    }),
  );
});
