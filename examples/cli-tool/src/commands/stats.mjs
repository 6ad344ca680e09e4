import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';

/** Counts the lines, words and characters of a file, and its most frequent words. */
export async function stats(file, { top }) {
  const counts = new Map();
  let [lines, words, characters] = [0, 0, 0];
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    lines++;
    characters += line.length;
    for (const [word] of line.toLowerCase().matchAll(/\p{L}+/gu)) {
      words++;
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  console.log(`${lines} lines, ${words} words, ${characters} characters`);
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, top);
  for (const [word, count] of frequent) console.log(`${String(count).padStart(6)} ${word}`);
}
