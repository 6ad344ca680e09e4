import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diskFactor, diskRoom, refuseWithoutDisk } from './disk-room.ts';

it('refuses a heap whose snapshot might not fit on the disk', () => {
  expect(diskFactor).toBe(4);
  expect(() => refuseWithoutDisk(1e8, 'heap/a.heapsnapshot', 4e8)).not.toThrow();
  expect(() => refuseWithoutDisk(1e8, 'heap/a.heapsnapshot', 3.9e8)).toThrow(
    'a snapshot of a heap of 100 MB may need 400 MB, and the disk of heap has 390 MB left',
  );
});

it('asks the disk on which the file will be, and lets the writing fail where there is none', () => {
  expect(diskRoom(join(tmpdir(), 'a.heapsnapshot'))).toBeGreaterThan(0);
  expect(diskRoom('/no/such/folder/a.heapsnapshot')).toBeUndefined();
  expect(() => refuseWithoutDisk(1e15, join(tmpdir(), 'a.heapsnapshot'))).toThrow(/has .* left$/);
});
