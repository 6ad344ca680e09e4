import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Witness } from './metrics-endpoint.ts';

/** What the agents in the processes of a target keep in a folder: one page of metrics each, under its process id. */
export function vitalsFolder(folder: string): Witness {
  return {
    close: () => undefined,
    async read(signal) {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.prom'));
      if (names.length === 0) throw new Error('no process of Node has told anything: is the target a program of Node?');
      const pages = await Promise.all(names.map((name) => readFile(join(folder, name), { encoding: 'utf8', signal })));
      return new Map(names.map((name, i) => [name, pages[i]!]));
    },
  };
}
