import { spawn, type ChildProcess } from 'node:child_process';

/** Waits for a line; when its input ends without one, whoever should have written it is gone. */
const script = 'trap "" HUP INT TERM; read -r released || kill -s KILL -- "-$0"';

/**
 * Lets a process, which leads a group, and what it started end with this one, whatever ends this one: SIGKILL, a closed
 * terminal, no memory. A loop of the user's code keeps the process from seeing that its channel is closed; so a shell
 * outside of it sees it, which costs some milliseconds beforehand, and disturbs nothing that is measured.
 *
 * On Windows the system does that by itself, and without a shell it is left out.
 */
export function endWithParent(child: ChildProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const guard = spawn('/bin/sh', ['-c', script, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // In a session of its own: a closed terminal must not end it first.
    detached: true,
  });
  guard.once('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  // Its number may belong to another process soon.
  child.once('exit', () => guard.stdin.end('released\n'));
  guard.unref();
}
