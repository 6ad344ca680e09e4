import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacityOf, leakOf, loadOf, loadRounds, startupOf } from './one-off-declarations.ts';
import { literal, oneOffSource } from './one-off-source.ts';

const place = 'http://127.0.0.1:8080/orders?page=2';

describe('where a server answers that is started', () => {
  const written = (flags: Parameters<typeof leakOf>[1]) => oneOffSource(leakOf(['node', 's.js'], flags));

  it.each([
    ['http://localhost:{port}', 'http://localhost:{port}', '/'],
    ['http://127.0.0.1:{port}/orders?page=2', 'http://127.0.0.1:{port}', '/orders?page=2'],
    ['http://127.0.0.1:3000/orders', 'http://127.0.0.1:3000', '/orders'],
  ])('%s', (url, origin, path) => {
    const text = written({ url });
    expect(text).toContain(`url: '${origin}' }),`);
    expect(text).toContain(`request: { path: '${path}' },`);
  });

  it('has one path', () => {
    expect(written({ url: 'http://127.0.0.1:3000/', request: '/x' })).toContain("request: { path: '/x' },");
    expect(() => written({ url: 'http://127.0.0.1:3000/y', request: '/x' })).toThrow(
      '--url http://127.0.0.1:3000/y has a path, and --request /x is another',
    );
    expect(() => written({ url: 'http://127.0.0.1:port' })).toThrow(
      expect.objectContaining({ hint: 'Write it as http://127.0.0.1:3000/orders.' }),
    );
  });
});

describe('declarations', () => {
  it('of load: a hundred requests unless told otherwise', () => {
    expect(oneOffSource(loadOf(place, {}))).toBe(
      `import { load, target } from 'perfkeel';

load('GET /orders?page=2', {
  target: target({ url: 'http://127.0.0.1:8080' }),
  requests: { path: '/orders?page=2' },
  rate: '10/s',
  for: '10s',
});
`,
    );
  });

  it('of load with everything', () => {
    const flags = { method: 'put', header: ['a: b: c'], body: "it's", expect: '201', timeout: '2s' };
    const text = oneOffSource(
      loadOf(place, { ...flags, clients: 5, for: '3s', warmup: '0s', objective: ['p99 < 1s'], name: 'x' }),
    );
    expect(text).toContain(
      `requests: { method: 'PUT', path: '/orders?page=2', headers: { a: 'b: c' }, body: "it's", expect: 201 },
  clients: 5,
  for: '3s',
  warmup: '0s',
  timeout: '2s',
  objectives: ['p99 < 1s'],`,
    );
  });

  it('of load: in two rounds when one could not decide', () => {
    const rounds = [
      [],
      ['errors = 0', 'max < 1s'],
      ['errors = 0', 'p99 < 1s'],
      ['median < 1s'],
      ['mean of service-time < 1s'],
    ];
    expect(rounds.map((objective) => loadRounds({ objective }))).toEqual([1, 1, 2, 2, 2]);
  });

  it('of a capacity, a start and a leak', () => {
    expect(oneOffSource(capacityOf(place, { between: '5/s .. 9/s', while: ['p99 < 1s'] }))).toContain(
      `between: ['5/s', '9/s'],\n  while: ['p99 < 1s'],\n  for: '2s',\n  within: '60s',`,
    );
    expect(oneOffSource(startupOf(['node', 'a b.js'], { ready: 'listening|ready', samples: 2 }, 'sub'))).toContain(
      `startup('node a b.js', {\n  command: ['node', 'a b.js'],\n  cwd: 'sub',\n  ready: /listening|ready/,\n  samples: 2,`,
    );
    expect(oneOffSource(leakOf(['node', 's.js'], { ready: 'http:/up', request: '/x' }))).toContain(
      `target: target({ command: ['node', 's.js'], ready: { http: '/up' } }),\n  request: { path: '/x' },\n  for: '20s',`,
    );
  });
});

it.each([
  ['a url without its scheme', () => loadOf('localhost:3000', {}), /"localhost:3000" is not a url/],
  ['another protocol', () => loadOf('ftp://localhost/', {}), /not reached over HTTP/],
  ['a password', () => loadOf('http://me:secret@localhost/', {}), /a url with a user/],
  ['a rate without its unit', () => loadOf(place, { rate: '100' }), /"100" is not a rate/],
  ['a time without its unit', () => loadOf(place, { for: '10' }), /"10" is not a duration/],
  ['a rate and clients', () => loadOf(place, { rate: '1/s', clients: 1 }), /two kinds of load/],
  ['half a client', () => loadOf(place, { clients: NaN }), /--clients is not a whole number/],
  ['a header without a colon', () => loadOf(place, { header: ['accept'] }), /has no colon/],
  ['a status of two digits', () => loadOf(place, { expect: '20' }), /is not a status/],
  ['one rate', () => capacityOf(place, { between: '50/s' }), /is not two rates/],
  ['no program', () => startupOf([], {}), /no program to start/],
  ['no regular expression', () => startupOf(['node'], { ready: '(' }), /no regular expression/],
  ['a request that is no path', () => leakOf(['node'], { request: 'orders' }), /is not a path/],
  ['growth of what', () => leakOf(['node'], { objective: ['growth < 64B'] }), /does not say for what/],
])('%s is refused', (_, declare, message) => {
  expect(declare).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as string }));
});

it('whatever a value holds, its text is that value again', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const value = fc.oneof(text, fc.array(text), fc.dictionary(text, text), fc.integer(), fc.boolean());
  fc.assert(
    fc.property(value, (written) => {
      expect((0, eval)(`(${literal(written)})`)).toEqual(written);
    }),
    { numRuns: 300, examples: [[JSON.parse('{ "__proto__": "a" }') as Record<string, string>]] },
  );
  expect(literal(/a\/b/i)).toBe('/a\\/b/i');
});
