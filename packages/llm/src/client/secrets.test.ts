import { createRedactor } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { secretsOf } from './secrets.ts';

const url = 'http://127.0.0.1:1/v1';

it.each<[string, Parameters<typeof secretsOf>[0], readonly string[], readonly string[]]>([
  ['a bearer', { url, headers: { Authorization: 'Bearer sk-12345' } }, ['Bearer sk-12345', 'sk-12345'], []],
  [
    'a key',
    { url, headers: { 'api-key': 'YWJjZGVm==', accept: 'text/event-stream' } },
    ['YWJjZGVm=='],
    ['text/event-stream'],
  ],
  [
    'basic credentials',
    { url, headers: { authorization: 'Basic bWU6c2VzYW1l' } },
    ['bWU6c2VzYW1l', 'me:sesame', 'sesame'],
    ['Basic'],
  ],
  ['cookies', { url, headers: { cookie: 'a=first-one; b=second' } }, ['first-one', 'second'], []],
  [
    'what the url holds',
    { url: 'http://me:s%40same@h/v1?key=k-12345&model=small' },
    ['s@same', 's%40same', 'bWU6c0BzYW1l', 'k-12345'],
    ['small'],
  ],
])('hides %s', (_, server, secrets, others) => {
  const redact = createRedactor(secretsOf(server));
  expect(secrets.map((secret) => redact(`<${secret}>`))).toEqual(secrets.map(() => '<[hidden]>'));
  expect(others.map(redact)).toEqual(others);
});
