// The escape sequences of a terminal: colours, cursor movements, titles.
const sequences =
  /\u009b[0-9;?]*[ -/]*[@-~]|\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

// Line feeds and tabs are left; what turns the direction of writing could disguise a name.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// What JSON lets stand, although a terminal obeys it.
const obeyed = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text without escape sequences of a terminal. */
export const stripAnsi = (text: string): string => text.replace(sequences, '');

/** Text from outside without anything that moves a cursor or turns the writing round. Line feeds stay. */
export const plainText = (text: string): string =>
  stripAnsi(text).replaceAll('\r\n', '\n').replaceAll('\u2028', '\n').replace(controls, '');

/** The same on one line. */
export const oneLine = (text: string): string =>
  // Not one pattern for both: it would look for a line feed behind each blank of a long row again.
  plainText(text).replace(/\s+/g, (blanks) => (/[\n\t]/.test(blanks) ? ' ' : blanks));

/** JSON with every character escaped that a terminal would obey. The value that it holds stays the same. */
export const plainJson = (json: string): string =>
  json.replace(obeyed, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Lines that the runner of GitHub takes for commands to itself (`::error::`, `##[add-mask]`, behind blanks as well), taken
 * apart so that they are read by people only.
 */
export const withoutCommands = (text: string): string =>
  text.replaceAll('##[', '# #[').replace(/^([^\S\n]*):(?=:)/gm, '$1: ');
