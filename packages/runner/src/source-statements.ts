import { tokensOf, type Token } from './source-tokens.ts';

/** A statement at the top of a module. */
export interface Statement {
  readonly tokens: readonly Token[];
  readonly kind: 'import' | 'declares' | 'does';
  /** The names that it declares. */
  readonly names: ReadonlySet<string>;
  /** Words in it that may be names from elsewhere. */
  readonly uses: ReadonlySet<string>;
}

const isName = (text: string | undefined): boolean => text !== undefined && /^[\p{ID_Start}$_]/u.test(text);

/**
 * The statements at the top of a module that esbuild printed: each begins a line, and whatever else is on a line of its
 * own is indented, in brackets or in a template.
 */
export function statementsOf(code: string): Statement[] {
  const groups: Token[][] = [];
  for (const token of tokensOf(code)) {
    const begins = token.depth === 0 && !/^[)\]}]/.test(token.text) && (token.at === 0 || code[token.at - 1] === '\n');
    if (begins || groups.length === 0) groups.push([]);
    groups.at(-1)!.push(token);
  }
  return groups.map(statement);
}

function statement(tokens: readonly Token[]): Statement {
  const head = tokens.findIndex(({ text }) => !['export', 'default', 'async'].includes(text));
  const first = tokens[head]?.text;
  const uses = new Set(tokens.flatMap(({ text }, i) => (isName(text) && tokens[i - 1]?.text !== '.' ? [text] : [])));
  if (first === 'import' && tokens[head + 1]?.text !== '(' && tokens[head + 1]?.text !== '.') {
    return { tokens, kind: 'import', names: new Set(), uses };
  }
  const names = namesOf(tokens, head);
  return { tokens, kind: names.size > 0 ? 'declares' : 'does', names, uses };
}

function namesOf(tokens: readonly Token[], head: number): Set<string> {
  const first = tokens[head]?.text;
  if (first === 'function' || first === 'class') {
    const name = tokens.slice(head + 1).find(({ text }) => text !== '*')?.text;
    return new Set(name !== undefined && isName(name) ? [name] : []);
  }
  if (first !== 'const' && first !== 'let' && first !== 'var') return new Set();
  const names = new Set<string>();
  // A pattern on the left gives more words than names: too many statements of the file then belong to a benchmark.
  let left = true;
  for (const { text, depth } of tokens.slice(head + 1)) {
    if (depth === 0 && text === '=') left = false;
    else if (depth === 0 && text === ',') left = true;
    else if (left && isName(text)) names.add(text);
  }
  return names;
}
