import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a git process said. */
export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitCall {
  readonly input?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Runs git in one repository. Never asks on a terminal, never reads the user's index or hooks' environment. */
export type Git = (args: readonly string[], call?: GitCall) => Promise<GitOutput>;

/** Set by git for its hooks, where they would lead every command to another repository. */
const inherited =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|COMMON_DIR)$/;

const fixed = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'perfkeel',
  GIT_AUTHOR_EMAIL: 'perfkeel@localhost',
  GIT_COMMITTER_NAME: 'perfkeel',
  GIT_COMMITTER_EMAIL: 'perfkeel@localhost',
};

const settings = ['-c', 'gc.auto=0', '-c', 'maintenance.auto=false', '-c', 'core.hooksPath=/dev/null'];

/** @param timeoutMs after which a git process is ended: a remote that hangs must not hang a measurement */
export function gitIn(folder: string, timeoutMs: number): Git {
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name));
  return async (args, { input, env } = {}) => {
    const child = spawn('git', [...settings, ...args], {
      cwd: folder,
      env: { ...Object.fromEntries(kept), ...fixed, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    // Git may end without reading all of its input: its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (signal !== null) stderr += `\nended by ${signal} after ${timeoutMs} ms`;
    return { code: code ?? -1, stdout: Buffer.concat(stdout), stderr };
  };
}
