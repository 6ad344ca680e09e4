import { expect, it } from 'vitest';
import { hopefulLine, prospectOf } from './prospect.ts';

it.each([
  ['good', 'Error: listen EADDRINUSE: address already in use 127.0.0.1:3000'],
  ['good', 'connect ECONNREFUSED 127.0.0.1:5432'],
  ['good', 'FATAL:  the database system is starting up'],
  ['good', 'npm error code E503\nnpm error 503 Service Unavailable - GET'],
  ['good', "fatal: unable to access 'https://host.test/a.git/': The requested URL returned error: 502"],
  ['good', "fatal: Unable to create '.git/index.lock': File exists."],
  ['good', 'fatal: early EOF\nfatal: index-pack failed'],
  // What an interpreter names beside it does not matter.
  ['good', 'TypeError: fetch failed\n    at ReferenceError\n  [cause]: Error: read ECONNRESET'],
  ['none', 'SyntaxError: Unexpected token'],
  ['none', "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'express'"],
  ['none', 'it could not be started: spawn no-such-program ENOENT'],
  ['none', 'sh: 1: vite: command not found'],
  ['unknown', 'cannot find the database'],
  ['unknown', 'npm error code EUSAGE\nnpm error `npm ci` can only install packages when they are in sync'],
  ['unknown', 'ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"'],
  ['unknown', 'npm error code E404'],
  ['unknown', ''],
] as const)('%s: %s', (prospect, said) => {
  expect(prospectOf(said)).toBe(prospect);
});

it('the line that gives hope is found among others', () => {
  const said =
    'it exited\n   its stderr:\n   | node:events:497\n   | Error: listen EADDRINUSE: address already in use :::1';
  expect(hopefulLine(said)).toBe('Error: listen EADDRINUSE: address already in use :::1');
  expect(hopefulLine('it exited')).toBeUndefined();
});
