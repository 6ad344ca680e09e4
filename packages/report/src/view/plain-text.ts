// The escape sequences of a terminal: colours, cursor movements, titles.
const sequences = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

// Line feeds and tabs are left; what turns the direction of writing could disguise a name.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text without escape sequences of a terminal. */
export const stripAnsi = (text: string): string => text.replace(sequences, '');

/** Text from outside without anything that moves a cursor or turns the writing round. Line feeds stay. */
export const plainText = (text: string): string =>
  stripAnsi(text).replaceAll('\r\n', '\n').replaceAll('\u2028', '\n').replace(controls, '');

/** The same on one line. */
export const oneLine = (text: string): string => plainText(text).replace(/\s*[\n\t]\s*/g, ' ');
