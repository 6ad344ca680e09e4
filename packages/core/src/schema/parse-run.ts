import { PerfError } from '../errors.ts';
import { runSchemaVersion, type Run } from '../run.ts';
import { problemLine, problemsOf } from './problems.ts';
import { runSchema } from './run-schema.ts';

/** More would only repeat the first ones: a damaged file is damaged everywhere. */
const shownProblems = 3;

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { schemaVersion?: unknown }).schemaVersion : undefined;
}

/**
 * Reads a run out of what `JSON.parse` gave: the inverse of `toJsonable`.
 *
 * @param where the file, for the message
 * @throws PerfError `newer-run` when a later perfkeel wrote it, `corrupt-run` when it is no run; exit code 4.
 */
export function parseRun(value: unknown, where: string): Run {
  const version = versionOf(value);
  if (typeof version === 'number' && Number.isInteger(version) && version > runSchemaVersion) {
    throw new PerfError(
      `${where} was written by a newer perfkeel: it has schema version ${version}, and this one reads up to ${runSchemaVersion}`,
      { code: 'newer-run', hint: 'Update perfkeel: npm install --save-dev perfkeel@latest.' },
    );
  }
  const result = runSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = problemsOf(result.error, value);
  const more = problems.length - shownProblems;
  const lines = problems.slice(0, shownProblems).map((problem) => `\n  - ${problemLine(problem)}`);
  throw new PerfError(
    `${where} is not a run file:${lines.join('')}${more > 0 ? `\n  - and ${more} more problem${more === 1 ? '' : 's'}` : ''}`,
    {
      code: 'corrupt-run',
      hint: 'The file is damaged or was edited. Delete it and measure again, or restore it.',
      cause: result.error,
    },
  );
}
