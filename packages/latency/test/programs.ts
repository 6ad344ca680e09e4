import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A temporary folder that is gone after the tests of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-latency-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a real program and gives the command that runs it. */
export function programWriter(folder: string): (name: string, source: string) => readonly string[] {
  return (name, source) => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, source);
    return ['node', file];
  };
}

/** Whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a condition holds; false when it does not within the time. */
export async function eventually(holds: () => boolean, withinMs = 5000): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return holds();
}
