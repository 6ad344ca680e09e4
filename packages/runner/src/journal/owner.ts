import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The process that works on a run. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the system started it, in its own unit: process ids are used again, also after a restart. */
  readonly started?: string | undefined;
}

const ownerFile = (folder: string): string => join(folder, 'owner.json');

/** Says that this process works on a run from now on. */
export async function takeOver(folder: string): Promise<void> {
  const owner: Owner = { host: hostname(), pid: process.pid, started: await startOf(process.pid) };
  await writeFile(ownerFile(folder), JSON.stringify(owner));
}

/** The id of the process that still works on a run; `undefined` when it is gone. */
export async function ownerOf(folder: string): Promise<number | undefined> {
  let owner: Partial<Owner>;
  try {
    owner = JSON.parse(await readFile(ownerFile(folder), 'utf8')) as Partial<Owner>;
  } catch {
    return undefined;
  }
  const { host, pid, started } = owner;
  if (host !== hostname() || typeof pid !== 'number' || !isAlive(pid)) return undefined;
  return started === (await startOf(pid)) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The 22nd field of its status, behind a name that may hold spaces and brackets; only Linux tells. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const [boot, status] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    return `${boot.trim()} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}
