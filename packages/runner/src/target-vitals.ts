import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { targetAgentSource, vitalsName } from './target-agent.ts';

/** A place in which the processes of a target tell of themselves. */
export interface Vitals {
  readonly folder: string;
  /** The environment of the target, with what makes its processes of Node load the agent. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** @param env what the target gets on top of the environment of this process */
export function openVitals(env: Readonly<Record<string, string>>): Vitals {
  const folder = mkdtempSync(join(resolve(tmpdir()), 'perfkeel-vitals-'));
  const agent = join(folder, 'agent.cjs');
  writeFileSync(agent, targetAgentSource);
  const others = env['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS'] ?? '';
  // In quotes a backslash stands for what follows it, as in JSON.
  const options = `${others} --require ${JSON.stringify(agent)}`.trim();
  return {
    folder,
    env: { ...env, NODE_OPTIONS: options, [vitalsName]: folder },
    remove: () => {
      try {
        rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      } catch {
        // Somebody still has a file of it open: no reason to lose a round that was good.
      }
    },
  };
}
