import { createRedactor, plainText, secretsIn, secretsInUrl, type Redactor } from '@perfkeel/core';
import { isStdio, type McpServer } from './server.ts';

/**
 * Makes texts of a server fit to be shown: without control characters of terminals, and without what its user passed for
 * authentication, which many servers repeat in their errors.
 */
export function presenterOf(server: McpServer, env: Readonly<NodeJS.ProcessEnv> = process.env): Redactor {
  const redact = createRedactor(secretsOf(server, env));
  // In this order: a control character in the middle of a secret would hide it from its redaction.
  return (text) => redact(plainText(text));
}

type Named = readonly [name: string, value: string];

/** Every value that nobody but the user should read: of variables, headers, flags, and passwords in addresses. */
function secretsOf(server: McpServer, env: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  const variables = Object.entries({ ...env, ...(isStdio(server) ? server.env : {}) }).map(([name, value]): Named => [
    name,
    String(value),
  ]);
  const own = isStdio(server) ? flagsOf(server.command) : [...headersOf(server), ...queryOf(server.url)];
  const said = [...variables.map(([, value]) => value), ...(isStdio(server) ? server.command : [server.url])];
  return [...secretsIn([...variables, ...own]), ...said.flatMap(passwordsIn)];
}

const headersOf = ({ headers = {} }: { readonly headers?: Readonly<Record<string, string>> | undefined }) =>
  Object.entries(headers).map(([name, value]): Named => [name, String(value)]);

const queryOf = (url: string): readonly Named[] => (URL.canParse(url) ? [...new URL(url).searchParams] : []);

/** `--token abc`, `--token=abc`, and `TOKEN=abc` in a line of a shell. */
const flagsOf = (words: readonly string[]): readonly Named[] =>
  words.flatMap((word, at): readonly Named[] => {
    const inside = [...word.matchAll(/([\w-]+)=([^\s'"]+)/g)].map(([, name, value]): Named => [name!, value!]);
    const behind = words[at + 1];
    const isFlag = /^--?(?!-?no-)[\w-]+$/.test(word) && behind !== undefined && !behind.startsWith('-');
    return isFlag ? [...inside, [word, behind]] : inside;
  });

const passwordsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\w+:\/\/([^/?#\s:]*):([^/?#\s]*)@/g)].flatMap(([, username = '', password = '']) =>
    secretsInUrl({ username, password }),
  );

/** Nobody writes by hand what is nested deeper; walking through it by recursion would break this process. */
const deepest = 100;

/** The same data with every text presented, and cut where it is nested beyond reason. */
export function presentable<T>(value: T, present: Redactor, depth = 0): T {
  if (typeof value === 'string') return present(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '[nested deeper]' as T;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return (typeof list[0] === 'number' ? list : list.map((each) => presentable(each, present, depth + 1))) as T;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [present(key), presentable(each as unknown, present, depth + 1)]),
  ) as T;
}
