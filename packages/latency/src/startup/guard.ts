import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Ends what this process has started, when this process dies without a chance to do it: killed, crashed, out of
 * memory. A pipe's end closes whatever happens to its owner.
 */
export interface Guard {
  watch(pid: number): void;
  forget(pid: number): void;
  close(): Promise<void>;
}

/**
 * Reads `+ PID` and `- PID`, a line each; when the pipe closes, ends the process groups that are still watched. A shell,
 * as it stands in a millisecond.
 */
const shellProgram = `
echo ready
watched=
while read -r sign pid; do
  kept=
  for each in $watched; do [ "$each" = "$pid" ] || kept="$kept $each"; done
  watched=$kept
  [ "$sign" = + ] && watched="$watched $pid"
done
for pid in $watched; do kill -s KILL -- "-$pid" 2>/dev/null; done
:
`;

/** The same for Windows, which has neither that shell nor groups. */
const nodeProgram = `
const watched = new Set();
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const line of lines) watched[line[0] === '+' ? 'add' : 'delete'](Number(line.slice(2)));
});
process.stdin.on('end', () => {
  for (const pid of watched) {
    try { process.kill(pid, 'SIGKILL'); } catch {}
  }
});
process.stdout.write('ready');
`;

const command: readonly [string, string, string] =
  process.platform === 'win32' ? [process.execPath, '-e', nodeProgram] : ['/bin/sh', '-c', shellProgram];

/** Resolves when the guard stands, so that its own start does not disturb the starts that are timed. */
export async function startGuard(): Promise<Guard> {
  const [interpreter, ...words] = command;
  const child = spawn(interpreter, words, {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Its own group: Ctrl-C in a terminal must not end it before it has done its work.
    detached: true,
    windowsHide: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await standing(child);
  const say = (line: string): void => void child.stdin?.write(`${line}\n`);
  // Writing to a guard that has died is no reason to stop measuring.
  child.stdin?.on('error', () => undefined);
  return {
    watch: (pid) => say(`+ ${pid}`),
    forget: (pid) => say(`- ${pid}`),
    close: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}

function standing(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the guard process ended with code ${code}`)));
    child.stdout?.once('data', () => resolve());
  });
}
