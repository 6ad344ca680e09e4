import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseExposition } from '../exposition/parse-exposition.ts';
import type { Witness } from './metrics-endpoint.ts';

/** What the agents in the processes of a target keep in a folder: one page of metrics each, under its process id. */
export function vitalsFolder(folder: string): Witness {
  return {
    close: () => undefined,
    async read() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.prom'));
      if (names.length === 0) throw new Error('no process of Node has told anything: is the target a program of Node?');
      const pages = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return new Map(names.map((name, i) => [name, parseExposition(pages[i]!)]));
    },
  };
}
