import { z } from 'zod';
import type { PerfConfig } from '../config.ts';
import { usageError } from '../errors.ts';
import { configSchema } from './config-schema.ts';
import { describeValue } from '../wording.ts';
import { problemLine, problemsOf, type Problem } from './problems.ts';

/** The settings at a path of the config. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let schema: z.core.$ZodType | undefined = configSchema;
  for (const step of path) {
    if (schema instanceof z.ZodObject) schema = (schema.shape as Record<string, z.core.$ZodType>)[String(step)];
    if (schema instanceof z.ZodExactOptional) schema = schema.unwrap();
    if (schema instanceof z.ZodArray && typeof step === 'number') schema = schema.element;
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function hintFor(problems: readonly Problem[]): string {
  const suggestions = problems.flatMap(({ key, suggestion }) =>
    suggestion === undefined ? [] : [`"${suggestion}" instead of "${key}"`],
  );
  if (suggestions.length > 0) return `Did you mean ${suggestions.join(', ')}?`;
  return 'Write `export default defineConfig({ … })`: the compiler then shows what is allowed.';
}

/** `name: process.env.NAME` without a name is no name: an undefined setting is an absent one. */
function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const set = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(set.map(([key, field]) => [key, withoutUndefined(field)]));
}

/**
 * Reads a configuration, with all of its problems at once. Unknown keys are problems too.
 *
 * @param where the file, for the message
 * @throws PerfError `bad-config`, exit code 2; `excerpt` is the first wrong key.
 */
export function parseConfig(value: unknown, where: string): PerfConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${where} must export an object, and it exports ${describeValue(value)}`, {
      code: 'bad-config',
      hint: 'Write `export default defineConfig({})`.',
    });
  }
  const result = configSchema.safeParse(withoutUndefined(value));
  if (result.success) return result.data;
  const problems = problemsOf(result.error, value, knownKeys);
  const [first] = problems;
  const message =
    problems.length === 1
      ? `${where}: ${problemLine(first!)}`
      : `${where} has ${problems.length} problems:${problems.map((problem) => `\n  - ${problemLine(problem)}`).join('')}`;
  throw usageError(message, {
    code: 'bad-config',
    hint: hintFor(problems),
    excerpt: first?.key,
    cause: result.error,
  });
}
