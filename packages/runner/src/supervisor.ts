/**
 * Stands between the runner and a target, and does one thing: when the runner is gone, by whatever death, or asks for
 * it, the target and everything that it started is ended. A handler in the runner could not do that after SIGKILL.
 *
 * Usage: node supervisor.js, with an IPC channel; the first message is a `LaunchRequest`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { LaunchRequest, SupervisorMessage } from './protocol.ts';

const posix = process.platform !== 'win32';

function tell(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message);
}

/** Reaches the target and what it started itself: on POSIX it leads a process group, on Windows it roots a tree. */
function signalTarget(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (posix) process.kill(-child.pid, signal);
    else spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
  } catch {
    // The group is already gone.
  }
}

function removeScratch({ scratch }: LaunchRequest): void {
  try {
    // Whoever is ended at this moment may still write into it.
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // It lies among temporary files.
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
    removeScratch(request);
    tell({ type: 'exited', code, signal });
    setImmediate(() => process.exit(0));
  });
  process.once('disconnect', () => {
    if (ended) return;
    signalTarget(child, 'SIGTERM');
    setTimeout(() => signalTarget(child, 'SIGKILL'), request.graceMs);
  });
}

// These reach whole groups and sessions; what they mean is decided by the runner, or by its end.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => undefined);
process.on('SIGTERM', () => process.disconnect?.());
process.once('message', launch);
