import { usageError, type PerfError } from '@perfkeel/core';

/** What was asked for cannot be written: exit code 2. */
export const exportError = (message: string, hint: string): PerfError =>
  usageError(message, { code: 'bad-export', hint });
