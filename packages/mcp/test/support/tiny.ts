import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HttpServer, StdioServer } from '@perfkeel/mcp';

const file = fileURLToPath(new URL('tiny-server.mjs', import.meta.url));

export const overPipes = (...words: readonly string[]): StdioServer => ({ command: ['node', file, ...words] });

/** Serves over HTTP while `use` runs. */
export async function overHttp<T>(words: readonly string[], use: (server: HttpServer) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [file, 'http', ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (line: Buffer) => resolve(String(line).trim())),
    );
    return await use({ url });
  } finally {
    child.stdin.end();
    await ended;
  }
}
