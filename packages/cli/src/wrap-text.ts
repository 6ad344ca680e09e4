// East Asian wide and full-width characters and emoji (Unicode UAX 11), as far as names and messages have them.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const zero = /[\p{Mark}\p{Format}]/u;

/** The columns that a character takes on a terminal. */
const widthOf = (character: string): number => (zero.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** The columns that a text takes on a terminal. */
export const columnsIn = (text: string): number => [...text].reduce((sum, character) => sum + widthOf(character), 0);

/**
 * Breaks one line of text into rows of at most `width` columns, at spaces where there are some: on a terminal a row that
 * is too long would become two, of which only one is redrawn.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const rows: string[] = [];
  let [row, columns] = ['', 0];
  const end = (rest: string): void => {
    rows.push(row.trimEnd());
    row = rest;
    columns = columnsIn(rest);
  };
  for (const character of text) {
    const own = widthOf(character);
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
  return [...rows, row.trimEnd()];
}
