import { spawn } from 'node:child_process';

const tail = (text, lines = 60) => text.trimEnd().split('\n').slice(-lines).join('\n');

// npm and npx are command files on Windows, which only a shell can start.
const needsShell = (command) => process.platform === 'win32' && /^(npm|npx)$/.test(command);

/**
 * Runs a command to its end and returns what it printed. Throws, with the end of its output, on an unexpected exit
 * code (`expected`, default 0) and after `timeout` milliseconds.
 */
export function execute(command, args, { cwd, env = process.env, expected = 0, timeout = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, timeout, shell: needsShell(command), stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(command, args, { ...options, windowsHide: true });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text) => (output[name] += text));
    }
    const fail = (why) => {
      const shown = [command, ...args].join(' ').slice(0, 200);
      reject(new Error(`${shown}\n${why}\n${tail(output.stdout)}\n${tail(output.stderr)}`));
    };
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => {
      if (code === expected) resolve(output);
      else fail(`exit ${code ?? signal}, expected ${expected}`);
    });
  });
}
