import { stripAnsi } from '@perfkeel/core';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const clusters = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

// East Asian wide and full-width blocks (Unicode Standard Annex 11), and what terminals draw as emoji.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const ascii = /^[\x20-\x7e]*$/;

/** How many columns one cluster of characters takes. */
const clusterWidth = (cluster: string): number => (wide.test(cluster) ? 2 : /^\p{M}+$/u.test(cluster) ? 0 : 1);

/** The columns that a text takes in a terminal; escape sequences take none. */
export function visibleWidth(text: string): number {
  const bare = stripAnsi(text);
  return ascii.test(bare) ? bare.length : clusters(bare).reduce((sum, cluster) => sum + clusterWidth(cluster), 0);
}

/** Fills with blanks up to `width`; longer text stays as it is. */
export function pad(text: string, width: number, side: 'start' | 'end' = 'end'): string {
  const blanks = ' '.repeat(Math.max(width - visibleWidth(text), 0));
  return side === 'end' ? text + blanks : blanks + text;
}

/** As many clusters from the front as fit into `width`. */
function take(parts: readonly string[], width: number): readonly string[] {
  let used = 0;
  const end = parts.findIndex((part) => (used += clusterWidth(part)) > width);
  return end < 0 ? parts : parts.slice(0, end);
}

/** Cuts plain text in the middle, where names say least, so that it fits into `width`. */
export function truncateMiddle(text: string, width: number, ellipsis: string): string {
  if (visibleWidth(text) <= width) return text;
  const parts = clusters(text);
  const room = width - visibleWidth(ellipsis);
  if (room < 2) return take(parts, width).join('');
  const tail = take([...parts].reverse(), room >> 1);
  return [...take(parts, room - (room >> 1)), ellipsis, ...[...tail].reverse()].join('');
}

// A number and its unit or its next three digits, what it is compared with, and both ends of an interval.
const withinFigures =
  /(?<=\d) (?=(?:\d{3}|ns|µs|us|ms|s|B|KB|MB|GB|%)(?!\w))|(?<=(?:^| )[<>≥≤=]+) (?=\d)|(?<=\[[^[\]]{0,40}) (?=[^[\]]{0,40}\])/gu;
const bond = '\u00a0';

/** Joins with no-break spaces what belongs to one figure, such as `≥ 12 300 ms` or `[1 ms, 2 ms]`. */
export const bindFigures = (text: string): string => text.replace(withinFigures, bond);

/**
 * Breaks plain text into lines of at most `width` columns, at blanks where there are some, but not within a figure that
 * fits into a line. Never empty.
 */
export function wrap(text: string, width: number): readonly string[] {
  const words = bindFigures(text).split(/[^\S\u00a0]+/u);
  const parts = words.flatMap((word) => (visibleWidth(word) <= width ? [word] : word.split(bond)));
  const lines: string[] = [];
  let line = '';
  for (const word of parts.flatMap((long) => splitLong(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (visibleWidth(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line].map((each) => each.replaceAll(bond, ' '));
}

/** A word that no line can hold, such as a path, in pieces that fit. */
function splitLong(word: string, width: number): readonly string[] {
  if (visibleWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let rest = clusters(word);
  while (rest.length > 0) {
    const piece = take(rest, Math.max(width, 2));
    pieces.push(piece.join(''));
    rest = rest.slice(piece.length);
  }
  return pieces;
}

/** Lays phrases side by side with `gap` between them and starts a new line where the next does not fit. */
export function flow(phrases: readonly string[], width: number, gap: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const phrase of phrases.flatMap((long) =>
    visibleWidth(long) <= width ? [long] : wrap(stripAnsi(long), width),
  )) {
    const longer = line === '' ? phrase : `${line}${gap}${phrase}`;
    if (visibleWidth(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = phrase;
  }
  return line === '' ? lines : [...lines, line];
}
