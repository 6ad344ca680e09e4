import inspector from 'node:inspector';
import type { Finding } from '@perfkeel/core';
import { makeFinding } from './make-finding.ts';

/** What a Node process was started with. */
export interface NodeStart {
  readonly version: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A debugger listens, or is attached. */
  readonly inspected: boolean;
}

const thisProcess = (): NodeStart => ({
  version: process.versions.node,
  flags: process.execArgv,
  env: process.env,
  inspected: inspector.url() !== undefined,
});

export const nodeFindings = (start: NodeStart = thisProcess()): Finding[] => [version(start), flags(start)];

function version({ version }: NodeStart): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  return makeFinding('node', 'Node', supported ? 'ok' : 'note', version, 'Use Node 20.19, 22.12, 24 or newer.');
}

/** Flags with which the same code is slower. */
const slow =
  /--(inspect|debug|cpu-prof|heap-prof|prof\b|perf-(basic-)?prof|jitless|no-opt|interpreted-frames|trace-(opt|deopt|gc|event)|track-heap-objects|stack-trace-limit=\d{3,})[\w=./:-]*/;
/** What they load may wrap whatever is measured, or do nothing at all. */
const loads = /(?:--(?:require|import|loader|experimental-loader)|(?:^|\s)-r)[ =]\S+/;

/** Only the environment reaches the processes that measure; flags of this process stay here. */
function flags({ flags, env, inspected }: NodeStart): Finding {
  const inherited = env['NODE_OPTIONS'] ?? '';
  const reaching = [
    slow.exec(inherited)?.[0],
    env['NODE_V8_COVERAGE'] ? 'NODE_V8_COVERAGE' : undefined,
    env['VSCODE_INSPECTOR_OPTIONS'] ? 'VSCODE_INSPECTOR_OPTIONS' : undefined,
  ].filter((text) => text !== undefined);
  const advice = 'Measure without it: it makes the same code slower.';
  if (reaching.length > 0) return makeFinding('flags', 'Node flags', 'unfit', reaching.join(', '), advice);
  const local = [slow.exec(flags.join(' '))?.[0] ?? (inspected ? 'a debugger listens' : undefined)];
  const [mild] = [...local, loads.exec(inherited)?.[0].trim()].filter((text) => text !== undefined);
  if (mild !== undefined) return makeFinding('flags', 'Node flags', 'note', mild, 'Better measure without it.');
  return makeFinding('flags', 'Node flags', 'ok', [inherited, ...flags].join(' ').trim() || 'none', '');
}
