import { describe, expect, it } from 'vitest';
import { createRedactor, credentialsOf, isSecretName, secretsIn, secretsInUrl, withoutCredentials } from './redact.ts';

describe('createRedactor', () => {
  it('hides a secret in every form in which it may come back', () => {
    const redact = createRedactor(['pa"ss w/ord', undefined]);
    expect(redact('a pa"ss w/ord b')).toBe('a [hidden] b');
    expect(redact(JSON.stringify({ a: 'pa"ss w/ord' }))).toBe('{"a":"[hidden]"}');
    expect(redact('?key=pa%22ss%20w%2Ford&b')).toBe('?key=[hidden]&b');
    expect(createRedactor(['a%20secret'])('a secret')).toBe('[hidden]');
  });

  it('hides the longer one where one secret holds another', () => {
    expect(createRedactor(['Bearer', 'Bearer abc.def', 'abc.def'])('Bearer abc.def, abc.def')).toBe(
      '[hidden], [hidden]',
    );
  });

  it('takes secrets literally, and leaves what is too short to be told from words', () => {
    expect(createRedactor(['a.*b', 'on', ''])('a.*b aXXb one on')).toBe('[hidden] aXXb one on');
    expect(createRedactor(['%zz%'])('%zz%')).toBe('[hidden]');
  });

  it('takes names and passwords out of addresses, whosoever they are', () => {
    expect(createRedactor([])('at http://me:pw@host/a, not@home')).toBe('at http://host/a, not@home');
    expect(createRedactor([])('http://me:p@ss@host/?a=b@c')).toBe('http://host/?a=b@c');
    expect(withoutCredentials('postgres://me:secret@127.0.0.1:1/x')).toBe('postgres://127.0.0.1:1/x');
  });
});

it.each([
  ['authorization', true],
  ['X-Api-Key', true],
  ['GITHUB_TOKEN', true],
  ['DB_PASSWORD', true],
  ['Cookie', true],
  ['GITHUB_PAT', true],
  ['PATH', false],
  ['PWD', false],
  ['PASS', true],
  ['SSH_AUTH_SOCK', false],
  ['XAUTHORITY', false],
  ['NODE_ENV', false],
  ['GIT_AUTHOR_NAME', false],
  ['TOKENIZERS_PARALLELISM', false],
  ['DESKTOP_SESSION', false],
  ['content-type', false],
])('%s is the name of a secret: %s', (name, secret) => expect(isSecretName(name)).toBe(secret));

describe('what is secret', () => {
  it.each<[string, string, readonly string[]]>([
    ['authorization', 'Bearer abc', ['Bearer abc', 'abc']],
    [
      'Authorization',
      'basic bcOkOnBhOnNz ',
      ['basic bcOkOnBhOnNz ', 'bcOkOnBhOnNz', 'mä:pa:ss', 'pa:ss', 'bcOkOnBhOnNz'],
    ],
    ['authorization', 'Basic no%base64', ['Basic no%base64', 'no%base64']],
    ['cookie', 'a=first; b=second', ['a=first; b=second', 'first', 'second']],
    ['cookie', 'consent=true; n=1000; sid=abcdef', ['consent=true; n=1000; sid=abcdef', 'abcdef']],
    ['api-key', 'abc=', ['abc=']],
    ['use-token', 'true', []],
    ['accept', 'text/html', []],
  ])('of %s: %s', (name, value, secrets) => {
    expect(secretsIn([[name, value]]).filter((each) => each !== '')).toEqual(secrets);
  });

  it('of an address is its password, wherever that may come back', () => {
    const url = new URL('http://m%C3%A4:pa%3Ass@h/');
    expect(credentialsOf(url)).toBe('mä:pa:ss');
    expect(secretsInUrl(url)).toEqual(['pa%3Ass', 'mä:pa:ss', 'pa:ss', 'bcOkOnBhOnNz']);
    expect(credentialsOf({ username: '100%', password: '' })).toBe('100%:');
    expect([credentialsOf(new URL('http://h/')), secretsInUrl(new URL('http://h/'))]).toEqual([undefined, []]);
    expect(secretsInUrl(new URL('http://me@h/'))).toEqual(['bWU6']);
    expect(secretsInUrl(new URL('http://sk_live_0123456789@h/'))).toContain('sk_live_0123456789');
  });
});
