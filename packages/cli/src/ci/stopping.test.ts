import { expect, it } from 'vitest';
import type { Io } from '../io.ts';
import { Stopping } from './stopping.ts';

const silent = { write: () => undefined };

/** A world, and how to press Ctrl-C in it. */
function world(): { readonly io: Io; readonly press: () => void } {
  const listeners: (() => void)[] = [];
  const io = {
    cwd: '/',
    env: {},
    stdout: silent,
    stderr: silent,
    onSignal: (one: () => void) => void listeners.push(one),
  };
  return { io, press: () => listeners.forEach((listener) => listener()) };
}

const command =
  (listener: () => void) =>
  (io: Io): Promise<void> => {
    io.onSignal(listener);
    return Promise.resolve();
  };

it('a signal reaches the command that runs, and no other', async () => {
  const { io, press } = world();
  const stopping = new Stopping(io);
  const heard: string[] = [];
  await stopping.during(
    io,
    command(() => heard.push('first')),
  );
  await stopping.during(io, (own) => {
    own.onSignal(() => heard.push('second'));
    press();
    press();
    return Promise.resolve();
  });
  expect(heard).toEqual(['second', 'second']);
  expect(stopping.asked).toBe(true);
});

it('one that comes between two commands is told to the next, and one before it listens, too', async () => {
  const { io, press } = world();
  const stopping = new Stopping(io);
  await stopping.during(io, () => Promise.resolve());
  expect(stopping.asked).toBe(false);
  press();
  expect(stopping.asked).toBe(true);
  const heard: string[] = [];
  await stopping.during(
    io,
    command(() => heard.push('next')),
  );
  expect(heard).toEqual(['next']);
});
