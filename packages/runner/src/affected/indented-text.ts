/** A value: a text, or names with values of their own. */
export type Branch = string | Tree;
export type Tree = ReadonlyMap<string, Branch>;

/** A line without its indentation: a name, and the text beside it when there is one. */
export interface Line {
  readonly name: string;
  readonly value?: string | undefined;
}

const blockText = /^[|>][-+]?\d?$/;

/**
 * Reads what the lock files of pnpm and Yarn are written in: names and values, one a line, below each other by
 * indentation. It is the part of YAML that these programs write; lists are left out, and `{…}` stays a text.
 *
 * @param readLine takes a line apart
 * @returns `undefined` for anything else: half of a file is not to be taken for all of it
 */
export function readIndented(text: string, readLine: (line: string) => Line | undefined): Tree | undefined {
  const root = new Map<string, Branch>();
  const open = [{ indent: -1, tree: root }];
  // What is deeper than this belongs to a list or to a text of several lines; deeper than that is a mistake.
  let [skipped, deepest] = [Infinity, Infinity];
  for (const line of withoutLongNames(text).split(/\r?\n/)) {
    const indent = line.search(/\S/);
    if (indent < 0 || indent > skipped || line.startsWith('#', indent)) continue;
    if (indent > deepest) return undefined;
    [skipped, deepest] = [Infinity, Infinity];
    if (/^-( |$)/.test(line.slice(indent))) {
      skipped = indent;
      continue;
    }
    const found = readLine(line.slice(indent).trimEnd());
    if (found === undefined) return undefined;
    while (open.at(-1)!.indent >= indent) open.pop();
    const { name, value } = found;
    const { tree } = open.at(-1)!;
    if (value === undefined) {
      const inner = new Map<string, Branch>();
      tree.set(name, inner);
      open.push({ indent, tree: inner });
    } else {
      tree.set(name, value);
      if (blockText.test(value)) skipped = indent;
      else deepest = indent;
    }
  }
  return root;
}

/** A name that is too long for one line stands behind `? `, and what it means behind `: ` below it. */
const withoutLongNames = (text: string): string =>
  text
    .replace(/^( *)\? (.*)$/gm, '$1$2:')
    .replace(/^ *:$/gm, '')
    .replace(/^( *): /gm, '$1  ');

const quoted = /^(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)")$/;

/** A text without its quotes. */
export function unquoted(text: string): string {
  const [, single, double] = quoted.exec(text) ?? [];
  return single?.replaceAll("''", "'") ?? double?.replace(/\\(.)/g, '$1') ?? text;
}

/** `name: value` and `name:` of YAML. */
export function yamlLine(line: string): Line | undefined {
  const [, name, value] = /^('(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^\s'"&*!|>%[{}\]<=].*?):(?:\s+(.*))?$/.exec(line) ?? [];
  if (name === undefined || /^[&*]/.test(value ?? '')) return undefined;
  return { name: unquoted(name), value: value === undefined ? undefined : unquoted(value) };
}

const nothing: Tree = new Map();

/** What stands below a name; nothing where there is only a text. */
export function below(tree: Tree, ...names: readonly string[]): Tree {
  let at: Branch | undefined = tree;
  for (const name of names) at = typeof at === 'object' ? at.get(name) : undefined;
  return typeof at === 'object' ? at : nothing;
}

/** The text beside a name; that of everything below it where there is more. */
export function textOf(tree: Tree, name: string): string {
  const found = tree.get(name) ?? '';
  return typeof found === 'string' ? found : [...found.keys()].map((key) => `${key} ${textOf(found, key)}`).join(' ');
}
