import { main } from '../../src/main.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, for those that start no other. */
export async function said(
  argv: readonly string[],
  cwd: string = process.cwd(),
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  let [stdout, stderr] = ['', ''];
  const code = await main(argv, {
    cwd,
    env: { LANG: 'C.UTF-8', ...env },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    onSignal: () => undefined,
  });
  return { code, stdout, stderr };
}
