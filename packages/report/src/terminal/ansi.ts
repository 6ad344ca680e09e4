/** Wraps text in a colour, or leaves it alone. */
export type Paint = (text: string) => string;

export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly inverse: Paint;
}

const code =
  (open: number, close: number): Paint =>
  (text) =>
    text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;
const same: Paint = (text) => text;

const coloured: Palette = {
  bold: code(1, 22),
  dim: code(2, 22),
  red: code(31, 39),
  green: code(32, 39),
  yellow: code(33, 39),
  inverse: code(7, 27),
};
const plain: Palette = { bold: same, dim: same, red: same, green: same, yellow: same, inverse: same };

export const paletteOf = (colour: boolean): Palette => (colour ? coloured : plain);
