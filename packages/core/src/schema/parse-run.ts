import { runSchemaVersion, type Run } from '../run.ts';
import { corrupt, refuseNewer } from './refusals.ts';
import { runSchema } from './run-schema.ts';

/**
 * Reads a run out of what `JSON.parse` gave: the inverse of `toJsonable`.
 *
 * @param where the file, for the message
 * @throws PerfError `newer-run` when a later perfkeel wrote it, `corrupt-run` when it is no run; exit code 4.
 */
export function parseRun(value: unknown, where: string): Run {
  refuseNewer(value, where, { code: 'newer-run', reads: runSchemaVersion });
  const result = runSchema.safeParse(value);
  if (result.success) return result.data;
  throw corrupt(result.error, value, { code: 'corrupt-run', what: `${where} is not a run file` });
}
