import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { openTarget } from './open-target.ts';

it.runIf(process.platform === 'linux')('reads what offers no inspector through the system, and says why', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(async () => {
    if (child.kill('SIGKILL')) await once(child, 'exit');
  });
  const { target, warnings } = await openTarget(child.pid!);
  expect(target).toMatchObject({ kind: 'pid', canCollect: false });
  expect(warnings).toMatchObject([{ code: 'resident-set-only' }]);
  expect(warnings[0]!.message).toMatch(/without collections: process \d+ offers no inspector: "sleep" does not listen/);
  await target.close();
});

it('does not read a process that is not there in place of a target', async () => {
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  await expect(openTarget(child.pid!)).rejects.toMatchObject({ code: 'no-such-process' });
});
