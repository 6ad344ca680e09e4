import { ExitCode, PerfError } from '@perfkeel/core';

/** What a command ends with that was ended before there was any result. */
export const interrupted = (): PerfError =>
  new PerfError('interrupted before anything was measured', {
    code: 'interrupted',
    exitCode: ExitCode.Interrupted,
  });
