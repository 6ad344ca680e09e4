import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { vitalsFolder } from './vitals-folder.ts';

it('reads a page of each process, and of nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-vitals-'));
  try {
    const witness = vitalsFolder(folder);
    const { signal } = new AbortController();
    await expect(witness.read(signal)).rejects.toThrow('is the target a program of Node?');
    writeFileSync(join(folder, 'agent.cjs'), 'up 9');
    writeFileSync(join(folder, '12.prom'), 'up 1');
    writeFileSync(join(folder, '13.prom'), 'up 2');
    writeFileSync(join(folder, '13.prom.new'), 'up 3');
    expect([...(await witness.read(signal))].sort()).toEqual([
      ['12.prom', 'up 1'],
      ['13.prom', 'up 2'],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
