import { spawnSync } from 'node:child_process';
import { openRunStore } from '@perfkeel/baseline';
import { PerfError } from '@perfkeel/core';
import { sampleRun } from '@perfkeel/core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const ends = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** A disk of its own, where this user may mount one. */
async function smallDisk(kilobytes: number): Promise<string | undefined> {
  const folder = await temporaryFolder();
  if (!ends('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder)) return undefined;
  onTestFinished(() => void ends('umount', '-l', folder));
  return folder;
}

it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a full disk costs the run that does not fit, and none that was acknowledged',
  async ({ skip }) => {
    const folder = await smallDisk(200);
    if (folder === undefined) return skip('no disk can be mounted here');
    const open = (): ReturnType<typeof openRunStore> => openRunStore({ folder });
    const stored: string[] = [];
    const save = async (): Promise<PerfError | undefined> => {
      try {
        stored.push((await open().saveRun(sampleRun({ id: `RUN-${stored.length}`, durationMs: stored.length }))).sha);
        return undefined;
      } catch (error) {
        if (error instanceof PerfError) return error;
        throw error;
      }
    };
    let problem: PerfError | undefined;
    while (problem === undefined && stored.length < 200) {
      problem = await save();
      if (stored.length === 5) await open().listRuns();
    }
    expect(problem).toMatchObject({ code: 'store-not-writable', exitCode: 4 });
    expect(problem!.message).toContain('ENOSPC');
    expect(problem!.hint).toMatch(/free some space/i);

    // Listing finds no room for its index either.
    const full = open();
    expect((await full.listRuns()).map(({ sha }) => sha).sort()).toEqual([...stored].sort());
    expect((await full.verifyStore()).problems).toEqual([]);
    // What can be made again goes first, and gives the room to say what else goes.
    const { removed } = await full.pruneRuns({ at: '2027-02-01T00:00:00Z', keep: 1 });
    expect(removed).toHaveLength(stored.length - 1);
    expect((await open().listRuns()).map(({ sha }) => stored.includes(sha))).toEqual([true]);
    expect(await save()).toBeUndefined();
  },
);
