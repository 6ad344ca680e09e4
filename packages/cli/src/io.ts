import { plainText, withoutCommands } from '@perfkeel/core';

/** What a command writes to: a terminal, a pipe or a file. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Of the window. */
  readonly rows?: number | undefined;
}

/** The world of a command. Results go to stdout, progress and errors to stderr. */
export interface Io {
  readonly cwd: string;
  /** The folder in which the user stands, where `-C` made `cwd` another. @default cwd */
  readonly startedIn?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Calls the listener at Ctrl-C and at a request to end. */
  onSignal(listener: () => void): void;
}

/** How an output wants its text. */
export interface Look {
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly width: number;
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0';

/** Colour as no-color.org and force-color.org ask for it; plain characters where others would not arrive. */
export function lookOf(output: Output, env: Io['env']): Look {
  const dumb = env['TERM'] === 'dumb';
  const ascii = dumb || isSet(env['PERFKEEL_ASCII']);
  const forced = isSet(env['FORCE_COLOR']);
  const refused = (env['NO_COLOR'] ?? '') !== '';
  const locale =
    [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '') ?? 'UTF-8';
  return {
    colour: !refused && (forced || (output.isTTY === true && !dumb)),
    unicode: !ascii && /utf-?8/i.test(locale),
    // Some terminals say that they have no columns at all.
    width: Math.min(Math.max(output.columns || 100, 40), 200),
  };
}

/** Whether someone is watching who can see lines being redrawn. */
export const isLive = (output: Output, env: Io['env']): boolean =>
  output.isTTY === true && !isSet(env['CI']) && env['TERM'] !== 'dumb';

/** Text from names and messages of others, that commands neither terminal nor CI runner. Keeps line ends and tabs. */
export const plain = (text: string): string => withoutCommands(plainText(text));

/** The same on one line. */
export const oneLine = (text: string): string => withoutCommands(plainText(text).replace(/\s+/g, ' ').trim());
