/** A table of cells that are Markdown already; `most` rows at the most, and then a row that says how many are missing. */
export function markdownTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  most = Infinity,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, most);
  const missing = rows.length - shown.length;
  const more = missing > 0 ? [line(['', `and ${missing} more`, ...titles.slice(2).map(() => '')])] : [];
  const rule = titles.map((title) => (title.endsWith('#') ? '---:' : '---'));
  return [line(titles.map((title) => title.replace(/#$/, ''))), line(rule), ...shown.map(line), ...more].join('\n');
}

/** A part that is folded away until somebody opens it. */
export const details = (title: string, content: string): string =>
  `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
