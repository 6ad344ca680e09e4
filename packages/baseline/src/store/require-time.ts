import { usageError } from '@perfkeel/core';

/** @throws PerfError `bad-time`, exit code 2, for what is no ISO 8601 time with a date. */
export function requireTime(at: string): void {
  if (typeof at === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(at) && !Number.isNaN(Date.parse(at))) return;
  throw usageError(`${JSON.stringify(at)} is not a time`, {
    code: 'bad-time',
    hint: 'Write it as "2027-01-31T12:00:00.000Z".',
  });
}
