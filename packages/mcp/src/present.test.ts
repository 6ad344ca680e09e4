import { expect, it } from 'vitest';
import { presentable, presenterOf } from './present.ts';
import { serverName, type McpServer } from './server.ts';

const env = { API_KEY: 'key-of-the-shell', NODE_ENV: 'production', TOKEN_CHECK: 'true', MAX_TOKEN: '4096' };

it.each<[string, McpServer, string, string]>([
  ['a variable of the shell', { command: ['x'] }, 'bad key-of-the-shell', 'bad [hidden]'],
  ['a variable of the options', { command: ['x'], env: { DB_PASSWORD: 'hunter22' } }, 'hunter22?', '[hidden]?'],
  ['a flag', { command: ['x', '--api-key', 'abcdef'] }, 'abcdef', '[hidden]'],
  ['a flag with =', { command: ['x', '--token=abcdef'] }, 'abcdef', '[hidden]'],
  ['a line of a shell', { command: ['sh', '-c', 'MY_SECRET=abcdef x'] }, 'abcdef', '[hidden]'],
  ['a password in an address', { command: ['x', 'postgres://me:hunter22@host/db'] }, 'hunter22', '[hidden]'],
  ['credentials of an address', { url: 'http://me:hunter22@a/' }, 'got bWU6aHVudGVyMjI=', 'got [hidden]'],
  ['a header', { url: 'http://a/', headers: { Authorization: 'Bearer abcdef' } }, 'got abcdef', 'got [hidden]'],
  ['basic', { url: 'http://a/', headers: { authorization: 'Basic bWU6aHVudGVyMjI=' } }, 'hunter22', '[hidden]'],
  ['a cookie', { url: 'http://a/', headers: { cookie: 'a=first1; b=second' } }, 'first1 second', '[hidden] [hidden]'],
  ['a query', { url: 'http://a/?token=abcdef&page=twelve' }, 'abcdef twelve', '[hidden] twelve'],
  ['an address of somebody', { command: ['x'] }, 'http://you:yours@host/a', 'http://host/a'],
  ['a secret that is torn by control characters', { command: ['x'] }, 'key-of\u0000-the\u001b[0m-shell', '[hidden]'],
  ['ordinary words', { command: ['x', '--no-auth', 'server.js'] }, 'true production 4096 server.js', ''],
])('of %s nothing is shown', (_, server, said, shown) => {
  expect(presenterOf(server, env)(said)).toBe(shown === '' ? said : shown);
});

it('the name of a server holds no secret', () => {
  const name = (server: McpServer): string => presenterOf(server, {})(serverName(server));
  expect(name({ command: ['node', 's.js', '--token', 'abcdef'] })).toBe('node s.js --token [hidden]');
  expect(name({ url: 'http://me:hunter22@host/mcp?key=abcdef' })).toBe('http://host/mcp');
});

it('data is presented in every text and key, and cut where nobody nests by hand', () => {
  let deep: unknown = 1;
  for (let n = 0; n < 20_000; n++) deep = [deep];
  const times = [1, 2];
  const shown = presentable(
    { 'a\u009b': ['b\u202e', 1, null, undefined], deep, times },
    presenterOf({ command: ['x'] }, {}),
  );
  expect(JSON.stringify(shown)).toMatch(
    /^{"a":\["b",1,null,null\],"deep":\[{100}"\[nested deeper\]"\]{100},"times":\[1,2\]}$/,
  );
  expect(shown.times).toBe(times);
});
