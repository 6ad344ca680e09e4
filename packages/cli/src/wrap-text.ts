import { bindFigures, visibleWidth } from '@perfkeel/report';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Breaks one line of text into rows of at most `width` columns, at spaces where there are some, but not between a number
 * and its unit: on a terminal a row that is too long would become two, of which only one is redrawn.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const rows: string[] = [];
  let [row, columns] = ['', 0];
  const end = (rest: string): void => {
    rows.push(shown(row));
    row = rest;
    columns = visibleWidth(rest);
  };
  for (const { segment: character } of segmenter.segment(bindFigures(text))) {
    const own = visibleWidth(character);
    if (columns + own > width) {
      const space = row.lastIndexOf(' ');
      if (character === ' ') {
        end('');
        continue;
      }
      const rest = space > 0 ? row.slice(space + 1) : '';
      if (space > 0) row = row.slice(0, space);
      end(rest);
    }
    row += character;
    columns += own;
  }
  return [...rows, shown(row)];
}

const shown = (row: string): string => row.replaceAll('\u00a0', ' ').trimEnd();
