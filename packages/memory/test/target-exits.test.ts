import { afterEach, expect, it } from 'vitest';
import { attachTo } from '../src/index.ts';
import { Cleanup, kill, plainProgram } from './support/programs.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

it('a program that exits while it is watched really ends, and that is what is told', async () => {
  const code = `console.log('on'); process.on('SIGTERM', () => process.exit(3)); setInterval(() => undefined, 1000);`;
  const { child } = await plainProgram(['--inspect-port=0', '-e', code]);
  cleanup.add(child, kill);
  const target = cleanup.add(await attachTo({ pid: child.pid }), (each) => each.close());
  expect((await target.collect()).answered).toBe(true);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const reading = (async () => {
    for (;;) await target.collect();
  })();
  await expect(reading).rejects.toMatchObject({ code: 'target-ended' });
  expect(await exited).toBe(3);
});
