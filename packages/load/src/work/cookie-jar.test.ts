import { describe, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.ts';

function jarWith(...cookies: readonly (readonly [setCookie: string, path: string])[]): CookieJar {
  const jar = new CookieJar();
  for (const [setCookie, path] of cookies) jar.store(setCookie, path);
  return jar;
}

describe('a cookie', () => {
  it.each<[string, string, string, string, string | undefined]>([
    ['goes back to its folder', 'a=1', '/shop/login', '/shop/cart?x=/y', 'a=1'],
    ['not to another one', 'a=1', '/shop/login', '/shopping', undefined],
    ['set at the top goes everywhere', 'a=1', '/login', '/x/y', 'a=1'],
    ['goes where its path says', 'a=1; Path=/', '/shop/login', '/other', 'a=1'],
    ['and only there', 'a=1; path=/admin', '/login', '/', undefined],
    ['keeps what stands behind its first "="', 'a=b=c==; HttpOnly', '/', '/', 'a=b=c=='],
    ['may be empty', 'a=', '/', '/', 'a='],
    ['without a name is none', '=1', '/', '/', undefined],
    ['without "=" is none', 'secure', '/', '/', undefined],
    ['lives as long as it says', 'a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT', '/', '/', 'a=1'],
    ['with a date that nobody can read stays', 'a=1; Expires=soon', '/', '/', 'a=1'],
  ])('%s', (_, setCookie, path, next, sent) => {
    expect(jarWith([setCookie, path]).headerFor(next)).toBe(sent);
  });

  it.each(['a=; Max-Age=0', 'a=; max-age=-1', 'a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'is taken away by %s',
    (setCookie) => {
      expect(jarWith(['a=1', '/'], ['b=2', '/'], [setCookie, '/']).headerFor('/')).toBe('b=2');
    },
  );

  it('is replaced by one of its name and path, and stands before those of shorter paths', () => {
    expect(jarWith(['a=1; Path=/', '/'], ['a=2; Path=/x', '/'], ['a=3; Path=/', '/']).headerFor('/x')).toBe('a=2; a=3');
  });
});
