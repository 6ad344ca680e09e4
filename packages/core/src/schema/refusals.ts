import type { z } from 'zod';
import { PerfError } from '../errors.ts';
import { problemLine, problemsOf } from './problems.ts';

/** More would only repeat the first ones: a damaged file is damaged everywhere. */
const shownProblems = 3;

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { schemaVersion?: unknown }).schemaVersion : undefined;
}

/** @throws PerfError with `code`, exit code 4, when a later perfkeel wrote it. */
export function refuseNewer(value: unknown, where: string, { code, reads }: { code: string; reads: number }): void {
  const version = versionOf(value);
  if (typeof version !== 'number' || !Number.isInteger(version) || version <= reads) return;
  throw new PerfError(
    `${where} was written by a newer perfkeel: it has schema version ${version}, and this one reads up to ${reads}`,
    { code, hint: 'Update perfkeel: npm install --save-dev perfkeel@latest.' },
  );
}

/** What is wrong with a file, the first problems in full. */
export function corrupt(error: z.ZodError, value: unknown, { code, what }: { code: string; what: string }): PerfError {
  const problems = problemsOf(error, value);
  const more = problems.length - shownProblems;
  const lines = problems.slice(0, shownProblems).map((problem) => `\n  - ${problemLine(problem)}`);
  return new PerfError(
    `${what}:${lines.join('')}${more > 0 ? `\n  - and ${more} more problem${more === 1 ? '' : 's'}` : ''}`,
    {
      code,
      hint: 'The file is damaged or was edited. Delete it and measure again, or restore it.',
      cause: error,
    },
  );
}
