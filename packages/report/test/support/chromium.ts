import { findDebianProgram, isProgram } from './debian-program.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium: what `CHROMIUM` names, or what Debian has; installed when this process may. `undefined` where none is. */
export function findChromium(): string | undefined {
  const wanted = process.env['CHROMIUM'];
  if (wanted !== undefined) return isProgram(wanted) ? wanted : undefined;
  return findDebianProgram('chromium', places);
}
