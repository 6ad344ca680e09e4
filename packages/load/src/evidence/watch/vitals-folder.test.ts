import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { vitalsFolder } from './vitals-folder.ts';

it('reads a page of each process, and of nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-vitals-'));
  try {
    const witness = vitalsFolder(folder);
    await expect(witness.read()).rejects.toThrow('is the target a program of Node?');
    writeFileSync(join(folder, 'agent.cjs'), 'up 9');
    writeFileSync(join(folder, '12.prom'), 'up 1');
    writeFileSync(join(folder, '13.prom'), 'up 2');
    writeFileSync(join(folder, '13.prom.new'), 'up 3');
    const told = [...(await witness.read())].map(([name, { samples }]) => [name, samples[0]?.value]);
    expect(told.sort()).toEqual([
      ['12.prom', 1],
      ['13.prom', 2],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
