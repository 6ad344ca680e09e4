import { readFileSync, readdirSync } from 'node:fs';

/**
 * Resident bytes of a process and of all that it started, which is where some servers keep their models. Linux only;
 * `undefined` elsewhere, and when the process is gone.
 */
export function residentBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1];
  if (kilobytes === undefined) return undefined;
  const below = childrenOf(pid).map((child) => residentBytes(child) ?? 0);
  return below.reduce((sum, bytes) => sum + bytes, Number(kilobytes) * 1024);
}

function childrenOf(pid: number): readonly number[] {
  const lists = namesIn(`/proc/${pid}/task`).map((task) => textOf(`/proc/${pid}/task/${task}/children`));
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

/** Empty for what is gone, or not ours to read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
