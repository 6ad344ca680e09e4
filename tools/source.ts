import { posix } from 'node:path';
import ts from 'typescript';
import { packages, read } from './workspace.ts';

/** Something that a file does, with its place as `file:line`. */
export interface Finding {
  readonly what: string;
  readonly where: string;
}

/** One name that a module exports. `declaration` is absent when it comes from another package's types. */
export interface ExportedName {
  readonly name: string;
  readonly file: string;
  readonly declaration?: ts.Declaration | undefined;
}

const parsed = new Map<string, ts.SourceFile>();

/** Syntax only, parsed once. */
export function parse(file: string): ts.SourceFile {
  let source = parsed.get(file);
  if (!source) parsed.set(file, (source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true)));
  return source;
}

function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** A node and everything below it, in the order of the text. */
function descendants(node: ts.Node, found: ts.Node[] = []): ts.Node[] {
  found.push(node);
  node.forEachChild((child) => void descendants(child, found));
  return found;
}

/** `require('x')`, `require.resolve('x')`, `import.meta.resolve('x')`, `createRequire(…).resolve('x')`. */
function loadsModule({ expression }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(expression)) return expression.text === 'require';
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'resolve') return false;
  const owner = expression.expression.getText();
  return owner === 'require' || owner === 'import.meta' || owner.startsWith('createRequire(');
}

/** The text node that names a module: of an import, an export from, a type, or a call that loads one. */
function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  return ts.isCallExpression(node) && loadsModule(node) ? node.arguments[0] : undefined;
}

const imports = new Map<string, Finding[]>();

/** Every module that a file names, in order. */
export function importsOf(file: string): Finding[] {
  const known = imports.get(file);
  if (known) return known;
  const found = descendants(parse(file)).flatMap((node) => {
    const specifier = specifierOf(node);
    return specifier && ts.isStringLiteralLike(specifier) ? [{ what: specifier.text, where: placeOf(node) }] : [];
  });
  imports.set(file, found);
  return found;
}

/** Names a package, not a file or an import map. */
export const isBare = (specifier: string): boolean => /^(@[\w.-]+\/)?[a-z0-9][\w.-]*(\/|$)/i.test(specifier);

/** `@scope/name` or `name`, without the path inside the package. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** True when an identifier reads a variable, rather than naming a member, a type or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isTypeReferenceNode(parent)) return false;
  const named = parent as { readonly name?: ts.Node; readonly propertyName?: ts.Node };
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return named.name !== node && named.propertyName !== node && !ts.isQualifiedName(parent);
}

/** Uses of a global (`Date`) or of a member of one (`Math.random`), also through `globalThis`. */
export function usesOf(file: string, names: readonly string[]): Finding[] {
  const found: Finding[] = [];
  for (const node of descendants(parse(file))) {
    const text = ts.isPropertyAccessExpression(node) ? node.getText().replace(/^globalThis\./, '') : undefined;
    const what = ts.isIdentifier(node) && isReference(node) ? node.text : text;
    if (what !== undefined && names.includes(what)) found.push({ what, where: placeOf(node) });
  }
  return found;
}

/** Statements of a file that are not `export … from`. */
export const otherThanReExports = (file: string): Finding[] =>
  parse(file)
    .statements.filter((node) => !(ts.isExportDeclaration(node) && node.moduleSpecifier))
    .map((node) => ({ what: node.getText().split('\n')[0] ?? '', where: placeOf(node) }));

function sourceEntry(specifier: string): string | undefined {
  const owner = packages.find(({ manifest }) => manifest.name === packageOf(specifier));
  const condition = owner?.manifest.exports?.[`.${specifier.slice(packageOf(specifier).length)}`];
  const entry = typeof condition === 'object' ? condition['@perfkeel/source'] : undefined;
  return owner && entry ? posix.join(owner.path, entry) : undefined;
}

const targetOf = (specifier: string, file: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : sourceEntry(specifier);

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function declaredIn(statement: ts.Statement): ts.Declaration[] {
  if (ts.isVariableStatement(statement)) return [...statement.declarationList.declarations];
  const declares = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  const types = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return declares || types ? [statement] : [];
}

const nameOf = (declaration: ts.Declaration): string => ts.getNameOfDeclaration(declaration)?.getText() ?? '';

function reExported(node: ts.ExportDeclaration, file: string): ExportedName[] {
  const specifier = node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
  const target = specifier === '' ? undefined : targetOf(specifier, file);
  const inside = target === undefined ? [] : exportsOf(target);
  if (!node.exportClause) return inside;
  if (!ts.isNamedExports(node.exportClause)) return [{ name: node.exportClause.name.getText(), file }];
  return node.exportClause.elements.map(({ name, propertyName }) => {
    const original = inside.find((other) => other.name === (propertyName ?? name).getText());
    return { name: name.getText(), file: original?.file ?? file, declaration: original?.declaration };
  });
}

const exported = new Map<string, ExportedName[]>();

/** Every name that a module exports, followed through re-exports into the workspace's own packages. */
export function exportsOf(file: string): ExportedName[] {
  const known = exported.get(file);
  if (known) return known;
  const found: ExportedName[] = [];
  exported.set(file, found); // Before the work, so that modules which re-export each other end somewhere.
  for (const statement of parse(file).statements) {
    if (ts.isExportDeclaration(statement)) found.push(...reExported(statement, file));
    else if (isExported(statement)) {
      found.push(...declaredIn(statement).map((declaration) => ({ name: nameOf(declaration), file, declaration })));
    }
  }
  return found;
}

/** Names of the members of an interface, a class or an object type: what users write and read. */
export function memberNames(declaration: ts.Declaration): string[] {
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isTypeAliasDeclaration(declaration)) return [];
  return descendants(declaration)
    .filter((node) => ts.isPropertySignature(node) || ts.isMethodSignature(node))
    .map((node) => node.name.getText());
}
