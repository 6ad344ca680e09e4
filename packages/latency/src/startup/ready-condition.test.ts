import { expect, test } from 'vitest';
import { readyCondition, type Ready } from './ready-condition.ts';

const up = { source: 'up', flags: 'i' };
const portInLine = /port (?<port>\d+)/;
const printed = { kind: 'printed', pattern: { source: portInLine.source, flags: '' } };
const chosen = { kind: 'chosen' };

test.each([
  [undefined, { kind: 'exit' }],
  ['exit', { kind: 'exit' }],
  [/up/giy, { kind: 'output', stream: 'stdout', pattern: up }],
  [{ stdout: /up/gi }, { kind: 'output', stream: 'stdout', pattern: up }],
  [{ stderr: /up/i }, { kind: 'output', stream: 'stderr', pattern: up }],
  ['port', { kind: 'port', port: chosen }],
  [{ port: 3000 }, { kind: 'port', port: { kind: 'own', port: 3000 } }],
  [{ port: portInLine }, { kind: 'port', port: printed }],
  [{ http: '/health' }, { kind: 'http', path: '/health', status: undefined, port: chosen }],
  [{ http: { path: '/', status: 204 } }, { kind: 'http', path: '/', status: 204, port: chosen }],
  [{ http: { path: '/', port: 80 } }, { kind: 'http', path: '/', status: undefined, port: { kind: 'own', port: 80 } }],
  [{ http: { path: '/', port: portInLine } }, { kind: 'http', path: '/', status: undefined, port: printed }],
  ['ipc', { kind: 'ipc', message: 'ready' }],
  [{ ipc: 'any' }, { kind: 'ipc', message: 'any' }],
  ['mcp', { kind: 'mcp', era: undefined }],
  [{ mcp: '2026-07-28' }, { kind: 'mcp', era: '2026-07-28' }],
] as const)('ready %o', (ready, expected) => {
  expect(readyCondition(ready)).toEqual(expected);
});

test.each([
  ['an unknown word', 'stdout', 'ready'],
  ['a number', 3000, 'ready'],
  ['nothing at all', null, 'ready'],
  ['no condition', {}, 'ready'],
  ['two conditions', { stdout: /a/, port: 3000 }, 'ready'],
  ['an unknown stream', { output: /a/ }, 'ready'],
  ['text instead of a pattern', { stdout: 'listening' }, 'ready'],
  ['a path without its slash', { http: 'health' }, 'ready'],
  ['a misspelt part of http', { http: { path: '/', code: 200 } }, 'ready'],
  ['a status that is none', { http: { path: '/', status: 99 } }, 'status'],
  ['a port that is none', { port: 70_000 }, 'port'],
  ['a pattern that names no port', { port: /listening/ }, 'port'],
  ['the same under http', { http: { path: '/', port: /listening/ } }, 'port'],
  ['an unknown revision', { mcp: '2024-01-01' }, 'ready'],
])('%s is refused', (_, ready, excerpt) => {
  const refusal = expect.objectContaining({ code: 'bad-option', exitCode: 2, excerpt }) as Error;
  expect(() => readyCondition(ready as unknown as Ready)).toThrow(refusal);
});
