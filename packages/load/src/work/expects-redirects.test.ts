import { expect, it } from 'vitest';
import type { LoadRequest } from '../load-options.ts';
import { planLoad } from '../load-plan.ts';
import { expectsRedirects } from './expects-redirects.ts';

const [page, link] = [{ path: '/' }, { path: '/link', expect: 302 }];

it.each<[string, readonly LoadRequest[], boolean]>([
  ['none', [page], false],
  ['the only one', [link], true],
  ['one of many', [link, ...Array.from({ length: 9 }, () => page)], false],
  ['most of them', [{ ...link, weight: 9 }, page], true],
  ['one with another status', [{ path: '/new', expect: 201 }], false],
])('requests that are meant to be sent elsewhere: %s', (_, requests, expected) => {
  expect(expectsRedirects(planLoad({ requests, rate: '10/s', for: '1s' }).work)).toBe(expected);
});
