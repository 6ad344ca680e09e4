/**
 * Stands between the runner and a target, and does one thing: when the runner is gone, by whatever death, or asks for
 * it, the target and everything that it started is ended. A handler in the runner could not do that after SIGKILL.
 *
 * Usage: node supervisor.js, with an IPC channel; the first message is a `LaunchRequest`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { LaunchRequest, SupervisorMessage } from './protocol.ts';

const posix = process.platform !== 'win32';

function tell(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message);
}

/** On POSIX the target leads a process group, so that what it started itself is reached too. */
function signalTarget(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (posix && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // The group is already gone.
  }
}

function launch(request: LaunchRequest): void {
  const [program, ...words] = request.command;
  const child = spawn(program!, words, {
    cwd: request.cwd,
    env: { ...process.env, ...request.env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: posix,
    windowsHide: true,
  });
  let ended = false;
  child.once('spawn', () => tell({ type: 'launched', pid: child.pid! }));
  child.once('error', (error) => {
    ended = true;
    tell({ type: 'failed', message: error.message });
    process.exitCode = 1;
    process.disconnect?.();
  });
  child.once('exit', (code, signal) => {
    ended = true;
    signalTarget(child, 'SIGKILL');
    tell({ type: 'exited', code, signal });
    setImmediate(() => process.exit(0));
  });
  process.once('disconnect', () => {
    if (ended) return;
    signalTarget(child, 'SIGTERM');
    setTimeout(() => signalTarget(child, 'SIGKILL'), request.graceMs);
  });
}

// Ctrl-C reaches the whole foreground group; the runner decides what it means.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => process.disconnect?.());
process.once('message', launch);
