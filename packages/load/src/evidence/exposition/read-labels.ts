/** The labels between two braces, and where they end. */
export interface LabelsRead {
  /** A metric whose name is no plain word stands in quotes among its labels. */
  readonly name: string | undefined;
  readonly labels: ReadonlyMap<string, string>;
  /** Behind the closing brace. */
  readonly end: number;
}

const word = /[a-zA-Z_][\w.:]*/y;
const blank = /[ \t]*/y;

/** Where what matches at a place ends; the place itself when nothing does. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

export const skipBlanks = (text: string, at: number): number => endOf(blank, text, at);

interface Quoted {
  readonly value: string;
  readonly end: number;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** What stands in quotes; of an unknown escape the backslash stays. */
function readQuoted(text: string, from: number): Quoted | undefined {
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '"') return { value, end: at + 1 };
    if (letter !== '\\') value += letter;
    else {
      const next = text[++at] ?? '';
      value += escapes[next] ?? `\\${next}`;
    }
  }
  return undefined;
}

function readKey(text: string, at: number): Quoted | undefined {
  if (text[at] === '"') return readQuoted(text, at);
  const end = endOf(word, text, at);
  return end === at ? undefined : { value: text.slice(at, end), end };
}

/** Reads `{a="b",c="d"}` from its opening brace on; `undefined` when it is something else. */
export function readLabels(text: string, from: number): LabelsRead | undefined {
  const labels = new Map<string, string>();
  let name: string | undefined;
  let at = skipBlanks(text, from + 1);
  while (text[at] !== '}') {
    const key = readKey(text, at);
    if (key === undefined || key.value === '') return undefined;
    const equals = skipBlanks(text, key.end);
    if (text[equals] === '=') {
      const quote = skipBlanks(text, equals + 1);
      const value = text[quote] === '"' ? readQuoted(text, quote) : undefined;
      if (value === undefined) return undefined;
      labels.set(key.value, value.value);
      at = value.end;
    } else if (text[at] === '"' && name === undefined) {
      name = key.value;
      at = key.end;
    } else return undefined;
    at = skipBlanks(text, at);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== '}') return undefined;
  }
  return { name, labels, end: at + 1 };
}
