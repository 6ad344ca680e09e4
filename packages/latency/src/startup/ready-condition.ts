import { badOption, type PatternData } from '@perfkeel/core';

/** The revision of the Model Context Protocol that a server is asked in. */
export type McpEra = '2025-11-25' | '2026-07-28';

/** A port of the program's own, or a pattern with a group `port` for a line on stdout in which it says its port. */
export type OwnPort = number | RegExp;

/** How a program shows that it has started. See `StartupSubject.ready`. */
export type Ready =
  | 'exit'
  | 'port'
  | 'ipc'
  | 'mcp'
  | RegExp
  | { readonly stdout: RegExp }
  | { readonly stderr: RegExp }
  | { readonly port: OwnPort }
  | { readonly http: string | { readonly path: string; readonly status?: number; readonly port?: OwnPort } }
  | { readonly ipc: string }
  | { readonly mcp: McpEra };

/** Where a port comes from: chosen free for each start, the program's own, or printed by it. */
export type PortSource =
  | { readonly kind: 'chosen' }
  | { readonly kind: 'own'; readonly port: number }
  | { readonly kind: 'printed'; readonly pattern: PatternData };

/** `Ready`, understood. */
export type StartupCondition =
  | { readonly kind: 'exit' }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly pattern: PatternData }
  | { readonly kind: 'port'; readonly port: PortSource }
  | {
      readonly kind: 'http';
      readonly path: string;
      /** `undefined` means any below 500. */
      readonly status: number | undefined;
      readonly port: PortSource;
    }
  /** `any` means that every message will do. */
  | { readonly kind: 'ipc'; readonly message: string }
  /** `undefined` means: `initialize` first, and `server/discover` when the server refuses it. */
  | { readonly kind: 'mcp'; readonly era: McpEra | undefined };

const eras: readonly unknown[] = ['2025-11-25', '2026-07-28'] satisfies readonly McpEra[];
const chosen: PortSource = { kind: 'chosen' };
const example =
  "Use { stdout: /listening/ }, { stderr: /ready/ }, 'port', { port: 3000 }, { http: '/health' }, 'ipc', 'mcp' or 'exit'.";

/** @throws PerfError `bad-option`, exit code 2. */
export function readyCondition(ready: Ready | undefined): StartupCondition {
  if (ready === undefined || ready === 'exit') return { kind: 'exit' };
  if (ready === 'port') return { kind: 'port', port: chosen };
  if (ready === 'ipc') return { kind: 'ipc', message: 'ready' };
  if (ready === 'mcp') return { kind: 'mcp', era: undefined };
  if (ready instanceof RegExp) return { kind: 'output', stream: 'stdout', pattern: patternData(ready) };
  const [condition] = typeof ready === 'object' && ready !== null ? Object.entries(ready).flatMap(fromEntry) : [];
  if (condition === undefined || Object.keys(ready).length !== 1) throw unknownReady(ready);
  return condition;
}

const unknownReady = (ready: unknown): Error =>
  badOption('ready', ready, 'one way in which the program shows that it is ready', example);

/** The one condition that a key of `ready` names; none when the value does not fit. */
function fromEntry([key, value]: [string, unknown]): readonly StartupCondition[] {
  switch (key) {
    case 'stdout':
    case 'stderr':
      return value instanceof RegExp ? [{ kind: 'output', stream: key, pattern: patternData(value) }] : [];
    case 'port':
      return [{ kind: 'port', port: portSource(value) }];
    case 'http':
      return httpCondition(value);
    case 'ipc':
      return typeof value === 'string' ? [{ kind: 'ipc', message: value }] : [];
    case 'mcp':
      return eras.includes(value) ? [{ kind: 'mcp', era: value as McpEra }] : [];
    default:
      return [];
  }
}

function httpCondition(http: unknown): readonly StartupCondition[] {
  if (typeof http === 'string') return httpCondition({ path: http });
  if (typeof http !== 'object' || http === null) return [];
  const { path, status, port, ...rest } = http as Record<string, unknown>;
  if (typeof path !== 'string' || !path.startsWith('/') || Object.keys(rest).length > 0) return [];
  if (status !== undefined && !isStatus(status)) {
    throw badOption('status', status, 'a status of HTTP from 200 to 599', 'Write status: 200.');
  }
  return [{ kind: 'http', path, status, port: port === undefined ? chosen : portSource(port) }];
}

const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 200 && Number(value) < 600;

export const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

function portSource(port: unknown): PortSource {
  if (port instanceof RegExp && port.source.includes('(?<port>'))
    return { kind: 'printed', pattern: patternData(port) };
  if (isPort(port)) return { kind: 'own', port };
  throw badOption(
    'port',
    port,
    'a number from 1 to 65535, or a regular expression with a group named port',
    'Write port: 3000, or port: /listening on port (?<port>\\d+)/ for a program that chooses its own.',
  );
}

/** A global or sticky pattern remembers where it stopped, and would miss every other match. */
const patternData = ({ source, flags }: RegExp): PatternData => ({ source, flags: flags.replace(/[gy]/g, '') });
