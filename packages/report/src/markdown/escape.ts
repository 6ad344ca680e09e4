import { oneLine } from '@perfkeel/core';

/** A name of this length has said enough; more would only use up the room of others. */
const longest = 200;

/** The front of a text, on one line, without control characters. */
export function shorten(text: string, most = longest): string {
  const line = oneLine(text);
  return line.length <= most ? line : `${[...line].slice(0, most).join('')}…`;
}

/**
 * Text from outside as GitHub Markdown that shows it as it is, in a table too: no table cell, tag, code, link, image,
 * emphasis, mention or heading, and no address that becomes a link by itself, comes out of it.
 */
export const escapeMarkdown = (text: string, most = longest): string =>
  shorten(text, most)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    // A blank of no width: mentions, addresses and references to issues are found in what is left after the escapes.
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//')
    .replace(/www(?=\.)/gi, '$&\u200b')
    .replace(/(?:\\#|\bGH-)(?=\d)/gi, '$&\u200b');

const longestCommand = 500;

/** A block of code that its content cannot leave. */
export function codeBlock(lines: readonly string[]): string {
  const content = lines.map((line) => shorten(line, longestCommand)).join('\n');
  const ticks = Math.max(2, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(ticks + 1);
  return `${fence}sh\n${content}\n${fence}`;
}
