import type { Estimate } from '@perfkeel/core';
import type { Glyphs } from './glyphs.ts';

interface Axis {
  /** Columns; odd, so that 0 has one of its own. */
  readonly strip: number;
  /** The change at both ends, as a ratio. */
  readonly reach: number;
  readonly noChange: number;
}

/**
 * A change and its interval on a symmetric axis; what lies beyond the axis becomes an arrow.
 *
 *     ┊  │  ┊  ├───●──┤
 */
export function forestStrip(
  { value, lo, hi }: Pick<Estimate, 'value' | 'lo' | 'hi'>,
  { strip, reach, noChange }: Axis,
  glyphs: Glyphs['strip'],
): string {
  const middle = (strip - 1) / 2;
  const column = (ratio: number): number => middle + Math.round((ratio / reach) * middle);
  const cells = Array.from({ length: strip }, () => ' ');
  const put = (at: number, glyph: string): void => {
    if (at >= 0 && at < strip) cells[at] = glyph;
  };
  put(column(-noChange), glyphs.zone);
  put(column(noChange), glyphs.zone);
  put(middle, glyphs.zero);
  const [from, to] = [Math.max(column(lo), -1), Math.min(column(hi), strip)];
  for (let at = from + 1; at < to; at++) put(at, glyphs.line);
  put(from, glyphs.start);
  put(to, glyphs.end);
  put(Math.min(Math.max(column(value), 0), strip - 1), glyphs.point);
  if (from < 0) cells[0] = glyphs.beyondLeft;
  if (to >= strip) cells[strip - 1] = glyphs.beyondRight;
  return cells.join('');
}

/** `-25%         0        +25%` */
export function stripHeading(strip: number, reach: number): string {
  const percent = `${Math.round(reach * 100)}%`;
  const middle = (strip - 1) / 2;
  return `-${percent}`.padEnd(middle) + '0'.padEnd(middle - percent.length) + `+${percent}`;
}
