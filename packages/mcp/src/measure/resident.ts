import { readFileSync, readdirSync } from 'node:fs';

/**
 * Resident bytes of a process, and of the others in its group when it leads one: what `npx` starts is another process.
 * `undefined` where the system does not tell (Linux does), or when it has ended.
 */
export function residentBytes(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const own = residentOf(String(pid));
  if (own === undefined || groupOf(String(pid)) !== pid) return own;
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== pid);
  return others.filter((name) => groupOf(name) === pid).reduce((sum, name) => sum + (residentOf(name) ?? 0), own);
}

function read(pid: string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function residentOf(pid: string): number | undefined {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(read(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** The fifth field; the second is a name in parentheses that may hold anything. */
function groupOf(pid: string): number | undefined {
  const text = read(pid, 'stat');
  return text === undefined ? undefined : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2]);
}
