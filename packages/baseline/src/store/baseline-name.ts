import { usageError } from '@perfkeel/core';
import { encodeName, isObjectKey } from './object-key.ts';

const allowed = /^[\p{L}\p{N}][\p{L}\p{N}._/+@#-]*$/u;
const longest = 100;

function problemOf(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > longest) return `it is longer than ${longest} characters`;
  if (!allowed.test(name))
    return 'it holds something else than letters, digits and ._/+@#-, or does not begin with one';
  if (name.includes('..') || name.includes('//')) return 'it holds ".." or "//"';
  if (/[./]$/.test(name)) return 'it ends in "." or "/"';
  if (!isObjectKey(encodeName(name))) return 'it is too long for the name of a file';
  return undefined;
}

/**
 * Names of baselines are those of branches and versions: `main`, `release/1.4`.
 *
 * @returns the name in Unicode's composed form, so that one name has one spelling
 * @throws PerfError `bad-baseline-name`, exit code 2.
 */
export function requireBaselineName(name: string): string {
  const composed = typeof name === 'string' ? name.normalize('NFC') : '';
  const problem = problemOf(composed);
  if (problem === undefined) return composed;
  throw usageError(`${JSON.stringify(name)} cannot be the name of a baseline: ${problem}`, {
    code: 'bad-baseline-name',
    hint: 'Write a name such as "main" or "release/1.4".',
  });
}
