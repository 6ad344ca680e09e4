import type { z } from 'zod';
import { describeValue, nearest } from '../wording.ts';

/** One thing that is wrong, and where: `measurements[3].round`. The path is empty for the value itself. */
export interface Problem {
  readonly path: string;
  readonly message: string;
  /** The last key of the path, as a person would search for it. */
  readonly key: string | undefined;
  /** The key that was probably meant. */
  readonly suggestion?: string | undefined;
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const textOf = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], root);
}

const article = (noun: string): string => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
const expectedNames: Record<string, string> = { int: 'a whole number' };

function messageOf(issue: Issue, got: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return got === undefined
        ? 'is missing'
        : `expected ${expectedNames[issue.expected] ?? article(issue.expected)}, got ${describeValue(got)}`;
    case 'invalid_value':
      return got === undefined
        ? 'is missing'
        : `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, got ${describeValue(got)}`;
    case 'invalid_union':
      return got === undefined ? 'is missing' : `got ${describeValue(got)}, which is none of the values allowed`;
    case 'too_small':
      return typeof got === 'number' ? `expected at least ${issue.minimum}, got ${got}` : issue.message;
    case 'too_big':
      return typeof got === 'number' ? `expected at most ${issue.maximum}, got ${got}` : issue.message;
    default:
      return issue.message;
  }
}

/** The keys that an object schema knows at a path; empty for anything else. */
export type KnownKeys = (path: Path) => readonly string[];

/** Every problem that zod found, one entry for each unknown key, in words. */
export function problemsOf(error: z.ZodError, root: unknown, knownKeys: KnownKeys = () => []): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      const message = messageOf(issue, valueAt(root, issue.path));
      return [{ path: textOf(issue.path), message, key: issue.path.at(-1)?.toString() }];
    }
    return issue.keys.map((key) => {
      const known = knownKeys(issue.path);
      return {
        path: textOf([...issue.path, key]),
        message: `is not a setting; there are ${known.join(', ')}`,
        key,
        suggestion: nearest(key, known),
      };
    });
  });
}

/** `path: message`, or the message alone for the value itself. */
export const problemLine = ({ path, message }: Problem): string => (path === '' ? message : `${path}: ${message}`);
