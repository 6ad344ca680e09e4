/** One word or sign of JavaScript; comments and white space are none. */
export interface Token {
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
  /** How many brackets are open before it. */
  readonly depth: number;
}

const space = /(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/)+/y;
const word = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /\.?\d[\w.]*/y;
const string = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y;
/** One sign, or the name behind it would be that of a property. */
const spread = /\.\.\./y;
const pattern = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const template = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;

const opens = new Set(['(', '[', '{']);
const closes = new Set([')', ']', '}']);
/** Words behind which an expression begins, so that a slash is no division. */
const operators = /^(?:return|typeof|case|in|of|instanceof|new|delete|void|throw|do|else|await|yield)$/;

function matchAt(expression: RegExp, code: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(code)?.[0];
}

const endsValue = (text: string | undefined): boolean =>
  text !== undefined &&
  (closes.has(text) || /["'`]$/.test(text) || (/^[\p{ID_Start}$_#@\d.]/u.test(text) && !operators.test(text)));

/**
 * The tokens of a JavaScript module. Code that no parser would take gives some tokens all the same: they are hashed, not
 * executed.
 */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  // Depths at which the text of a template goes on.
  const templates: number[] = [];
  let depth = 0;
  for (let at = skip(code, 0); at < code.length; at = skip(code, at + tokens.at(-1)!.text.length)) {
    const resumed = code[at] === '}' && templates.at(-1) === depth - 1;
    const text = resumed || code[at] === '`' ? templateAt(code, at) : plainAt(code, at, tokens.at(-1)?.text);
    const [begins, goesOn] = [text.startsWith('`'), text.length > 1 && text.endsWith('${')];
    if (closes.has(text) || (resumed && !goesOn)) depth--;
    if (resumed && !goesOn) templates.pop();
    tokens.push({ text, at, depth: opens.has(text) || closes.has(text) ? depth : Math.max(0, depth) });
    if (begins && goesOn) templates.push(depth);
    if (opens.has(text) || (begins && goesOn)) depth++;
    if (depth < 0) depth = 0;
  }
  return tokens;
}

const skip = (code: string, at: number): number => at + (matchAt(space, code, at)?.length ?? 0);

const templateAt = (code: string, at: number): string => matchAt(template, code, at) ?? code.slice(at);

function plainAt(code: string, at: number, before: string | undefined): string {
  const found =
    matchAt(spread, code, at) ?? matchAt(string, code, at) ?? matchAt(word, code, at) ?? matchAt(number, code, at);
  if (found !== undefined) return found;
  const regular = endsValue(before) ? undefined : matchAt(pattern, code, at);
  return regular ?? String.fromCodePoint(code.codePointAt(at)!);
}
