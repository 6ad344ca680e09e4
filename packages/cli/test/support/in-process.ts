import { main } from '../../src/main.ts';
import type { CliResult } from '../../../../tools/test-support/source-cli.ts';

/** Runs a command line in a folder, in this process. */
export async function perfkeelIn(folder: string, args: readonly string[]): Promise<CliResult> {
  let [stdout, stderr] = ['', ''];
  const code = await main(args, {
    cwd: folder,
    env: {},
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    onSignal: () => undefined,
  });
  return { code, stdout, stderr };
}
