import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { startApi } from '../api/api.ts';
import { readOptions } from '../api/options.ts';
import { startServices } from '../services/services.ts';

/** What a server says of itself. */
export type About = Readonly<Record<string, string>>;

/** Everything that the API needs is found, started and ended once before anything is measured. */
export async function askTasksApi(): Promise<About> {
  const services = await startServices();
  try {
    const api = await startApi(services, readOptions({ ...process.env, PORT: '' }));
    await api.close();
    return api.about;
  } finally {
    await services.stop();
  }
}

/** How long a server may take to introduce itself. */
const patienceMs = 20_000;

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'nfr', version: '1.0.0' } },
};

/**
 * Starts the MCP server that is built in a folder, and lets it introduce itself.
 *
 * @throws Error when it does not
 */
export async function askMcpServer(folder: string): Promise<About> {
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: patienceMs,
  });
  // A server that has ended takes no greeting: its silence says it.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(hello)}\n`);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line) as { id?: number; result?: { serverInfo: About } };
      if (id === hello.id && result !== undefined) return result.serverInfo;
    }
  } finally {
    child.kill();
  }
  throw new Error(`the server of ${folder} did not introduce itself: try node dist/server.js there`);
}
