import { relative, sep } from 'node:path';
import type { Io } from '../io.ts';
import { quoted } from './quoted.ts';

/** What a command needs behind it to mean the project of a folder: nothing for whoever stands in it. */
export function folderOption(root: string, { cwd, startedIn = cwd }: Pick<Io, 'cwd' | 'startedIn'>): string {
  if (startedIn === root || startedIn.startsWith(root + sep)) return '';
  // With `/`, which every shell takes without quotes.
  return ` -C ${quoted(relative(startedIn, root).split(sep).join('/'))}`;
}
