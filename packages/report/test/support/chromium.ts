import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function install(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !runs('/usr/bin/apt-get')) return;
  try {
    execFileSync('/usr/bin/apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
      timeout: 300_000,
    });
  } catch {
    // Without a network there is no browser: the caller says so.
  }
}

/** A Chromium: what `CHROMIUM` names, or what Debian has; installed when this process may. `undefined` where none is. */
export function findChromium(): string | undefined {
  const wanted = process.env['CHROMIUM'];
  if (wanted !== undefined) return runs(wanted) ? wanted : undefined;
  const found = places.find(runs);
  if (found !== undefined) return found;
  install();
  return places.find(runs);
}
