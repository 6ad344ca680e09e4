import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspaceModules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A project in a temporary folder outside the workspace that sees the workspace's packages. */
export interface TempProject {
  readonly root: string;
  write(name: string, text: string): string;
  remove(): void;
}

export function createTempProject(files: Readonly<Record<string, string>> = {}): TempProject {
  // The real path: on some systems the temporary folder is a link, and reports show real paths.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')));
  const write = (name: string, text: string): string => {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  symlinkSync(workspaceModules, join(root, 'node_modules'), 'junction');
  write('package.json', JSON.stringify({ name: 'temp-project', type: 'module', private: true }));
  for (const [name, text] of Object.entries(files)) write(name, text);
  // A process that was killed a moment ago may still be writing there.
  const remove = (): void => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  return { root, write, remove };
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until something holds; throws after half a minute: a busy machine takes ten seconds to start some programs. */
export async function eventually(holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not come true within ${timeoutMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
