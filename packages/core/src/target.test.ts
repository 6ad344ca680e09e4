import { describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { target, type TargetOptions, type TargetSpec } from './target.ts';

const command = ['node', 'server.js'];

describe('target', () => {
  it.each<[string, TargetOptions, Partial<TargetSpec>]>([
    ['something that runs', { url: 'http://127.0.0.1:3000' }, { kind: 'url', url: 'http://127.0.0.1:3000' }],
    [
      'a command, with every default',
      { command },
      { kind: 'command', command, url: 'http://127.0.0.1:{port}', ready: { kind: 'port' }, env: {} },
    ],
    [
      'a line on stdout',
      { command, ready: /listening on (?<port>\d+)/giu },
      { ready: { kind: 'stdout', pattern: { source: 'listening on (?<port>\\d+)', flags: 'iu' } } },
    ],
    ['a path that answers', { command, ready: { http: '/health' } }, { ready: { kind: 'http', path: '/health' } }],
    ['a url with a path', { command, url: 'http://localhost:{port}/v1' }, { url: 'http://localhost:{port}/v1' }],
  ])('describes %s', (_, options, wanted) => {
    expect(target(options)).toMatchObject(wanted);
  });

  it('waits 30 s and stops within 5 s unless told otherwise', () => {
    expect(target({ command })).toMatchObject({ startTimeout: 30e9, stopTimeout: 5e9 });
    expect(target({ command, startTimeout: '1m', stopTimeout: '100ms' })).toMatchObject({
      startTimeout: 60e9,
      stopTimeout: 100e6,
    });
  });

  it('is plain data: it crosses process boundaries', () => {
    const spec = target({ command, ready: /x/, env: { A: 'b' }, cwd: '/srv' });
    expect(structuredClone(spec)).toEqual(spec);
  });

  it.each<[string, unknown, string, string]>([
    ['nothing at all', {}, 'a target needs a url or a command', 'target({ url:'],
    ['a url without its scheme', { url: 'localhost:3000' }, '"localhost:3000" is not a url', 'with its scheme'],
    ['a path', { url: '/orders' }, '"/orders" is not a url', 'with its scheme'],
    ['a port', { url: 3000 }, '3000 is not a url', 'with its scheme'],
    [
      'a command line',
      { command: 'node server.js' },
      'the command of a target is a list of words',
      "['node', 'server.js']",
    ],
    ['no words', { command: [] }, 'the command of a target is a list of words', "['node', 'server.js']"],
    ['a way to be ready that there is not', { command, ready: 'soon' }, 'a target cannot be ready by "soon"', "'port'"],
    ['nothing to be ready by', { command, ready: null }, 'a target cannot be ready by null', "'port'"],
  ])('refuses %s', (_, options, message, hint) => {
    const error = failureOf(() => target(options as TargetOptions));
    expect(error).toMatchObject({ code: 'bad-target', exitCode: 2, message });
    expect(error.hint).toContain(hint);
  });

  it('refuses a time that is none', () => {
    const error = failureOf(() => target({ command, startTimeout: 30 as unknown as '30s' }));
    expect(error).toMatchObject({ code: 'bad-quantity', message: '30 is not a duration' });
  });
});
