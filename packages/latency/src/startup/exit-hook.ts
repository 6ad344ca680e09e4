import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Usage } from './usage.ts';

/** Makes Node programs say at their exit what they took, on platforms that do not tell it of a child. */
export interface ExitHook {
  /** The environment that brings the hook into every Node process of one start. */
  prepare(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** Of all processes that have ended since `prepare`; `undefined` when none has said anything. */
  usage(): Usage | undefined;
  remove(): void;
}

interface Said {
  readonly userCPUTime: number;
  readonly systemCPUTime: number;
  readonly maxRSS: number;
}

const program = (folder: string): string => `
const { writeFileSync } = require('node:fs');
process.on('exit', () => {
  try {
    writeFileSync(${JSON.stringify(folder)} + '/' + process.pid + '.json', JSON.stringify(process.resourceUsage()));
  } catch {}
});
`;

/** Costs each Node process that it is in some three milliseconds. Leaves a folder until it is removed. */
export function createExitHook(): ExitHook {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-startup-'));
  const file = join(folder, 'hook.cjs');
  writeFileSync(file, program(folder));
  const said = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  return {
    prepare: (env) => {
      for (const path of said()) rmSync(path, { force: true });
      // Inside the quotes of NODE_OPTIONS a backslash would escape.
      const option = `--require "${file.replaceAll('\\', '/')}"`;
      return { ...env, NODE_OPTIONS: [env['NODE_OPTIONS'], option].filter(Boolean).join(' ') };
    },
    usage: () => total(said().flatMap(read)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A process that was killed while it wrote has said nothing. */
function read(path: string): readonly Said[] {
  try {
    return [JSON.parse(readFileSync(path, 'utf8')) as Said];
  } catch {
    return [];
  }
}

function total(all: readonly Said[]): Usage | undefined {
  if (all.length === 0) return undefined;
  const userTime = all.reduce((sum, { userCPUTime }) => sum + userCPUTime * 1e3, 0);
  const systemTime = all.reduce((sum, { systemCPUTime }) => sum + systemCPUTime * 1e3, 0);
  const maxRss = Math.max(...all.map(({ maxRSS }) => maxRSS * 1024));
  return { cpuTime: userTime + systemTime, userTime, systemTime, maxRss };
}
