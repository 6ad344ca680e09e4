import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { extname, resolve } from 'node:path';
import type { Loader } from 'esbuild';
import type { DeclarationData } from './protocol.ts';
import { statementsOf, type Statement } from './source-statements.ts';
import type { Token } from './source-tokens.ts';

/** A statement, and where it begins in the user's file; both from 1. */
interface PlacedStatement extends Statement {
  readonly line: number;
  readonly column: number;
}

/**
 * For each declaration of a perf file, a hash of what the file says about its work: the statement that declares it, and the
 * statements of the file whose names it uses. Left out are comments, layout and types, its name, what is promised of it and
 * how often it is measured; and what is imported, which is the code under test.
 *
 * @returns SHA-256 in hexadecimal, in the order of the declarations
 */
export async function hashBenchmarks(source: string, declarations: readonly DeclarationData[]): Promise<string[]> {
  const statements = await placedStatements(source);
  // A stack names the file behind a symbolic link.
  const names = new Set([resolve(source), await realpath(source)]);
  const places = declarations.map((declaration) => placeOf(statements, names, declaration));
  const declaring = new Set(places.flatMap((place) => (place === undefined ? [] : [place])));
  return declarations.map((declaration, i) => {
    const own = places[i];
    // Declared by code of another file: whatever this one says may be about it.
    const chosen = own === undefined ? statements : closure(statements, own, declaring);
    const parts = chosen.filter(({ kind }) => kind !== 'import').map(({ tokens }) => wordsOf(tokens, declaration));
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  });
}

async function placedStatements(source: string): Promise<PlacedStatement[]> {
  const { transform } = await import('esbuild');
  const extension = extname(source).slice(1).replace(/^[cm]/, '') as Loader;
  const { code, map } = await transform(await readFile(source, 'utf8'), {
    loader: extension,
    sourcefile: source,
    sourcemap: 'external',
    format: 'esm',
    target: `node${process.versions.node}`,
    legalComments: 'none',
    logLevel: 'silent',
  });
  const origins = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
  return statementsOf(code).map((statement) => {
    const row = code.slice(0, statement.tokens[0]!.at).split('\n').length - 1;
    const { originalLine = 0, originalColumn = 0 } = origins.findEntry(row, 0) as Partial<Origin>;
    return { ...statement, line: originalLine + 1, column: originalColumn + 1 };
  });
}

interface Origin {
  readonly originalLine: number;
  readonly originalColumn: number;
}

/** The statement in which a declaration is made. */
function placeOf(
  statements: readonly PlacedStatement[],
  names: ReadonlySet<string>,
  { location }: DeclarationData,
): PlacedStatement | undefined {
  if (location === undefined || !names.has(resolve(location.file))) return undefined;
  return statements.findLast(
    ({ line, column, kind }) =>
      kind !== 'import' && (line < location.line || (line === location.line && column <= location.column)),
  );
}

/** A statement with those that make or fill what it uses. Statements of other benchmarks only when it uses their names. */
function closure(
  statements: readonly PlacedStatement[],
  own: PlacedStatement,
  declaring: ReadonlySet<PlacedStatement>,
): readonly PlacedStatement[] {
  const chosen = new Set([own]);
  for (let size = 0; size < chosen.size;) {
    size = chosen.size;
    const used = new Set([...chosen].flatMap(({ uses }) => [...uses]));
    const made = new Set([...chosen].flatMap(({ names }) => [...names]));
    for (const each of statements) {
      const makes = [...each.names].some((name) => used.has(name));
      const fills = each.kind === 'does' && !declaring.has(each) && [...each.uses].some((name) => made.has(name));
      if (makes || fills) chosen.add(each);
    }
  }
  return statements.filter((each) => chosen.has(each));
}

/** Options that say nothing about the work. */
const promises = new Set([
  ...['objectives', 'rounds', 'group', 'tags', 'expected', 'memory', 'renamedFrom', 'version', 'evidence'],
]);

/** The words of a statement that are about the work. */
function wordsOf(tokens: readonly Token[], { name, variant }: DeclarationData): string[] {
  const names = new Set([name, ...(variant === undefined ? [] : [variant.family])].map((text) => JSON.stringify(text)));
  const words: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { text, depth } = tokens[i]!;
    const key = /^[{,]$/.test(tokens[i - 1]?.text ?? '') && promises.has(text) && tokens[i + 1]?.text === ':';
    if (key) i = endOfProperty(tokens, i, depth);
    else if (!names.has(text) && text !== ';') words.push(text);
  }
  return loneRun(words.filter((text, i) => text !== ',' || !/^[)\]}]$/.test(words[i + 1] ?? ')')));
}

/** The comma behind a property, or its last token. */
function endOfProperty(tokens: readonly Token[], from: number, depth: number): number {
  let i = from;
  while (i + 1 < tokens.length) {
    const next = tokens[i + 1]!;
    if (next.depth < depth || (next.depth === depth - 1 && next.text === '}')) return i;
    i++;
    if (next.depth === depth && next.text === ',') return i;
  }
  return i;
}

/** `bench('a', { run: f })` is `bench('a', f)`: whoever adds a first promise writes it so. */
function loneRun(words: readonly string[]): string[] {
  const at = words.findIndex((text, i) => text === '{' && words[i + 1] === 'run' && words[i + 2] === ':');
  if (at < 0) return [...words];
  let depth = 0;
  for (let i = at; i < words.length; i++) {
    if (/^[([{]$/.test(words[i]!)) depth++;
    if (/^[)\]}]$/.test(words[i]!)) depth--;
    if (depth === 1 && words[i] === ',') return [...words];
    if (depth === 0) return [...words.slice(0, at), ...words.slice(at + 3, i), ...words.slice(i + 1)];
  }
  return [...words];
}
