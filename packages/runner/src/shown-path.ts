import { basename, isAbsolute, relative } from 'node:path';

/** A file as a user knows it who stands where the command runs; of files elsewhere, such as those of a checkout, the name. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') || isAbsolute(path) ? basename(file) : path.replaceAll('\\', '/');
}
