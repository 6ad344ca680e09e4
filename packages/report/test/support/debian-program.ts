import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/** Whether a file is there that this process may execute. */
export const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function install(name: string): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) return;
  try {
    execFileSync('/usr/bin/apt-get', ['install', '-y', '--no-install-recommends', name], {
      stdio: 'ignore',
      timeout: 300_000,
    });
  } catch {
    // Without a network it is not there: the caller says so.
  }
}

/**
 * The first of the places at which a program is; its package of Debian is installed when it is at none, and this process
 * may. `undefined` where it cannot be had.
 */
export function findDebianProgram(name: string, places: readonly string[] = [`/usr/bin/${name}`]): string | undefined {
  const found = places.find(isProgram);
  if (found !== undefined) return found;
  install(name);
  return places.find(isProgram);
}
