import { PerfError } from '@perfkeel/core';
import type { StartupPlan } from './plan-startup.ts';
import type { PortSource, StartupCondition } from './ready-condition.ts';
import type { StartedProcess } from './start-process.ts';

/** A start that failed: what was expected of it, and the end of its stderr. */
export async function startupFailed(
  { command, ready }: StartupPlan,
  port: number,
  started: StartedProcess,
  what: string,
): Promise<PerfError> {
  const words = await started.lastWords();
  const stderr = words === '' ? '; its stderr is empty' : `\n   its stderr:\n${words.replace(/^/gm, '   | ')}`;
  return new PerfError(
    `\`${command.join(' ')}\` did not start: ${what}; expected ${expectation(ready, port)}${stderr}`,
    {
      code: 'startup-failed',
      hint: 'Run the command by hand; `ready`, `cwd`, `env` and `startTimeout` say what to wait for.',
    },
  );
}

function expectation(ready: StartupCondition, chosen: number): string {
  switch (ready.kind) {
    case 'exit':
      return 'it to exit with code 0';
    case 'output':
      return `a line on ${ready.stream} that matches ${patternText(ready.pattern)}`;
    case 'port':
      return `an open port ${portText(ready.port, chosen)} on 127.0.0.1`;
    case 'http': {
      const answer = ready.status === undefined ? 'an answer below 500' : `status ${ready.status}`;
      return `${answer} from http://127.0.0.1:${portText(ready.port, chosen)}${ready.path}`;
    }
    case 'ipc':
      return ready.message === 'any' ? 'a message by process.send' : `process.send(${JSON.stringify(ready.message)})`;
    case 'mcp':
      return `an answer to ${ready.era === '2026-07-28' ? 'server/discover' : 'initialize'} on stdout`;
  }
}

const patternText = ({ source, flags }: { readonly source: string; readonly flags: string }): string =>
  `/${source}/${flags}`;

function portText(source: PortSource, chosen: number): string {
  if (source.kind === 'printed') return `(that a line on stdout names by ${patternText(source.pattern)})`;
  return String(source.kind === 'own' ? source.port : chosen);
}
