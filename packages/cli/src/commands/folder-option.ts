import { relative, sep } from 'node:path';
import type { Io } from '../io.ts';
import { quoted } from './quoted.ts';

/** What a command needs behind it to mean the project of a folder: nothing for whoever stands in it. */
export function folderOption(root: string, { cwd }: Pick<Io, 'cwd'>): string {
  if (cwd === root || cwd.startsWith(root + sep)) return '';
  return ` -C ${quoted(relative(cwd, root))}`;
}
