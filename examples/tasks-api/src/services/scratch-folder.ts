import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether a folder is ours alone to write: programs are started from it, and `/tmp` belongs to everybody. */
function isOurs(folder: string): boolean {
  if (process.getuid === undefined) return true;
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.getuid() && (found.mode & 0o022) === 0;
}

/**
 * The folder for everything that this example writes outside of its own: empty database clusters and copied programs,
 * which later starts use again, and the data of running databases, which end with them. Data of runs that were killed
 * is removed here.
 *
 * @throws Error when somebody else has made a folder of that name.
 */
export function scratchFolder(): string {
  const folder = join(tmpdir(), `perfkeel-tasks-api-${process.getuid?.() ?? userInfo().username}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (!isOurs(folder))
    throw new Error(`${folder} belongs to somebody else: remove it, or set TMPDIR to another folder`);
  // Others may look through it: a database that must not be root runs as nobody.
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another start may sweep at the same time.
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
  return folder;
}

/** A new folder that is swept when this process is gone without having removed it. */
export const runFolder = (): Promise<string> => mkdtemp(join(scratchFolder(), `run-${process.pid}-`));
