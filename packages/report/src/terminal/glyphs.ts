import type { VerdictKind } from '@perfkeel/core';

/** The characters that drawings are made of. */
export interface Glyphs {
  readonly marks: Record<VerdictKind, string>;
  readonly ellipsis: string;
  readonly dot: string;
  readonly bars: readonly string[];
  readonly strip: {
    readonly point: string;
    readonly line: string;
    readonly start: string;
    readonly end: string;
    readonly zero: string;
    readonly zone: string;
    readonly beyondLeft: string;
    readonly beyondRight: string;
  };
  readonly direction: { readonly up: string; readonly down: string; readonly none: string };
}

const unicode: Glyphs = {
  marks: { pass: '✓', fail: '✗', inconclusive: '?', warn: '!', 'could-not-measure': '!' },
  ellipsis: '…',
  dot: '·',
  bars: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  strip: { point: '●', line: '─', start: '├', end: '┤', zero: '│', zone: '┊', beyondLeft: '◀', beyondRight: '▶' },
  direction: { up: '▲', down: '▼', none: ' ' },
};

const ascii: Glyphs = {
  marks: { pass: 'ok', fail: 'X', inconclusive: '?', warn: '!', 'could-not-measure': '!' },
  ellipsis: '..',
  dot: '-',
  bars: [' ', '.', '.', ':', ':', '=', '=', '#', '#'],
  strip: { point: 'o', line: '-', start: '[', end: ']', zero: '|', zone: ':', beyondLeft: '<', beyondRight: '>' },
  direction: { up: '^', down: 'v', none: ' ' },
};

export const glyphsOf = (withUnicode: boolean): Glyphs => (withUnicode ? unicode : ascii);

const substitutes: Readonly<Record<string, string>> = {
  µ: 'u',
  μ: 'u',
  '−': '-',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '…': '..',
  '≤': '<=',
  '≥': '>=',
  '·': '-',
  '→': '->',
  '×': 'x',
  '∞': 'inf',
};

/** Letters without their accents, signs by what looks like them, and `?` for the rest. */
export const toAscii = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\x20-\x7e]/gu, (character) => substitutes[character] ?? '?');
