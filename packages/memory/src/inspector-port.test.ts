import { target } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { withPortForInspector } from './inspector-port.ts';

const command = ['node', 'server.js'];
const optionsOf = (env: Record<string, string>, outside?: string, platform = 'linux'): string | undefined => {
  const given = withPortForInspector(target({ command, env }), platform, outside);
  return given.kind === 'command' ? given.env['NODE_OPTIONS'] : undefined;
};

it.each([
  ['a free port', {}, undefined, '--inspect-port=0'],
  ['beside its own options', { NODE_OPTIONS: '--no-opt' }, '--prof', '--no-opt --inspect-port=0'],
  ['beside those that it inherits', {}, '--prof', '--prof --inspect-port=0'],
  ['not where it has a port', { NODE_OPTIONS: '--inspect=127.0.0.1:0' }, undefined, '--inspect=127.0.0.1:0'],
])('%s', (_, env, outside, options) => {
  expect(optionsOf(env, outside)).toBe(options);
});

it('leaves alone what could not be found afterwards, and what is not started here', () => {
  expect(optionsOf({}, undefined, 'darwin')).toBe(undefined);
  const url = target({ url: 'http://127.0.0.1:1' });
  expect(withPortForInspector(url, 'linux')).toBe(url);
});
