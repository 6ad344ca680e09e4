import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { targetAgentSource, vitalsName } from '../src/target-agent.ts';

/** Keeps so much alive that a full collection takes long, collects twice, and says when. */
const program = `
  const kept = Array.from({ length: 300_000 }, (_, i) => ({ i, text: 'x' + i }));
  const began = Date.now();
  for (let i = 0; i < 2; i++) gc();
  console.log(JSON.stringify([began, Date.now()]));
  setTimeout(() => kept.length, 400);
`;

it('the longest collections stand in its page, on the clock of the wall', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-agent-'));
  try {
    writeFileSync(join(folder, 'agent.cjs'), targetAgentSource);
    const args = ['--expose-gc', '--require', join(folder, 'agent.cjs'), '-e', program];
    const env = { ...process.env, [vitalsName]: folder };
    const { stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    const [began, ended] = JSON.parse(stdout) as [number, number];
    const name = readdirSync(folder).find((each) => each.endsWith('.prom'))!;
    const page = readFileSync(join(folder, name), 'utf8');
    const told = [...page.matchAll(/^# collection (\d+\.\d{3}) (\d+\.\d{3})$/gm)].map(([, at, took]) => [
      Number(at),
      Number(took),
    ]);
    expect(told.length).toBeLessThanOrEqual(64);
    expect(told.every(([, took]) => took! >= 5)).toBe(true);
    const forced = told.filter(([at, took]) => at! >= began - 2 && at! + took! <= ended + 2);
    expect(forced.length).toBeGreaterThanOrEqual(2);
    // A comment is no metric.
    expect(page).toMatch(/# EOF\n$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
