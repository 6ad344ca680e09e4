import { oneLine, withoutCommands, type VerdictKind } from '@perfkeel/core';
import { paletteOf, type Paint, type Palette } from './ansi.ts';
import { glyphsOf, toAscii, type Glyphs } from './glyphs.ts';
import { flow, truncateMiddle, visibleWidth, wrap } from './text-width.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** False draws with ASCII alone. */
  readonly unicode: boolean;
  /** Columns; narrower than 40 is taken as 40. */
  readonly width: number;
  /** Where the html report lies, and the folder that paths are shown relative to. */
  readonly paths?: { readonly html?: string | undefined; readonly root?: string | undefined } | undefined;
  /** Also what is collapsed otherwise: unchanged rows, every percentile, single rounds, stacks. */
  readonly verbose?: boolean | undefined;
  /** Whether the run can be named in later commands; false leaves out the steps that name it. @default true */
  readonly stored?: boolean | undefined;
  /** Whether perf files declare it, so that a later command measures it again; false leaves out the steps that do. @default true */
  readonly declared?: boolean | undefined;
  /** What counts as no change, as a ratio. @default 0.05 */
  readonly noChange?: number | undefined;
}

/** What the sections draw with. */
export interface Terminal extends Palette {
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly verbose: boolean;
  readonly root: string | undefined;
  /** Text from outside: no control characters, no escape sequences, one line, only what the terminal can show. */
  clean(text: string): string;
  /** A cleaned name, cut in the middle to `width`. */
  name(text: string, width: number): string;
  /** Cleaned prose, broken into lines that all start with `indent` blanks; the first may start with `lead`. */
  prose(text: string, indent: number, lead?: string): readonly string[];
  /** Cleaned phrases side by side behind `indent` blanks. */
  phrases(texts: readonly string[], indent: number, gap?: string): readonly string[];
  /** The mark of a verdict, in its colour, as wide as the widest. */
  mark(kind: VerdictKind): string;
}

const minimumWidth = 40;

/** The colour of a verdict. */
export function paintOf(palette: Palette, kind: VerdictKind): Paint {
  if (kind === 'pass') return palette.green;
  return kind === 'fail' || kind === 'could-not-measure' ? palette.red : palette.yellow;
}

export function createTerminal(options: TerminalOptions): Terminal {
  const palette = paletteOf(options.colour);
  const glyphs = glyphsOf(options.unicode);
  const width = Math.max(Math.floor(options.width) || 0, minimumWidth);
  const clean = (text: string): string => {
    const bare = withoutCommands(oneLine(text));
    return options.unicode ? bare : toAscii(bare);
  };
  const markWidth = Math.max(...Object.values(glyphs.marks).map(visibleWidth));
  return {
    ...palette,
    width,
    glyphs,
    verbose: options.verbose ?? false,
    root: options.paths?.root,
    clean,
    name: (text, columns) => truncateMiddle(clean(text), columns, glyphs.ellipsis),
    prose: (text, indent, lead = '') =>
      wrap(clean(text), width - indent).map((line, i) => {
        const start = i === 0 ? lead + ' '.repeat(Math.max(indent - visibleWidth(lead), 0)) : ' '.repeat(indent);
        // A break may have put what looks like a command at the beginning of a line.
        return start + withoutCommands(line);
      }),
    phrases: (texts, indent, gap = '   ') =>
      flow(texts.map(clean), width - indent, gap).map((line) => ' '.repeat(indent) + withoutCommands(line)),
    mark: (kind) => paintOf(palette, kind)(glyphs.marks[kind].padEnd(markWidth)),
  };
}
