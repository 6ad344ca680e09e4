import { describe, expect, it } from 'vitest';
import { classifyConnectError, classifyError, failureKinds, isLocalExhaustion } from './failure.ts';

const error = (code: string, message = `read ${code}`): Error => Object.assign(new Error(message), { code });

it('the kinds of failures are a fixed list: reports and programs know them', () => {
  expect([...failureKinds].sort()).toEqual([
    'body',
    'closed_early',
    'connect_refused',
    'connect_timeout',
    'dns',
    'headers_timeout',
    'other',
    'out_of_ports',
    'parse',
    'reset',
    'stale_keepalive',
    'status',
    'timeout',
    'tls',
    'too_large',
  ]);
});

describe('the class of an error before there was a connection', () => {
  it.each([
    [error('ECONNREFUSED'), false, 'connect_refused'],
    [error('ENOENT', 'connect ENOENT /run/server'), false, 'connect_refused'],
    [error('EAGAIN', 'connect EAGAIN /run/server'), false, 'connect_refused'],
    [error('ETIMEDOUT'), false, 'connect_timeout'],
    [error('ENOTFOUND'), false, 'dns'],
    [error('ECONNRESET'), false, 'reset'],
    [error('ECONNRESET'), true, 'tls'],
    [error('DEPTH_ZERO_SELF_SIGNED_CERT'), true, 'tls'],
    [error('EHOSTUNREACH'), false, 'other'],
    [error('EMFILE'), false, 'other'],
    [error('EADDRNOTAVAIL'), false, 'out_of_ports'],
  ])('%s, while TLS was being agreed upon: %s, is %s', (thrown, securing, kind) => {
    expect(classifyConnectError(thrown, securing)).toEqual({ kind, message: thrown.message });
  });
});

describe('the class of an error', () => {
  it.each([
    [error('ECONNREFUSED'), 'connect_refused'],
    [error('ENOTFOUND'), 'dns'],
    [error('EAI_AGAIN'), 'dns'],
    [error('ECONNRESET'), 'reset'],
    [error('ECONNRESET', 'socket hang up'), 'closed_early'],
    [error('ECONNRESET', 'aborted'), 'closed_early'],
    [error('EPIPE'), 'reset'],
    [error('HPE_INVALID_CONSTANT'), 'parse'],
    [error('ERR_SSL_WRONG_VERSION_NUMBER'), 'tls'],
    [error('EPROTO'), 'tls'],
    [error('EMFILE'), 'other'],
    [error('EADDRNOTAVAIL', 'connect EADDRNOTAVAIL 127.0.0.1:80'), 'out_of_ports'],
    [new Error('anything'), 'other'],
  ])('%s is %s', (thrown, kind) => {
    expect(classifyError(thrown).kind).toBe(kind);
  });

  it('finds words for an aggregate of errors, which has none', () => {
    const aggregate = Object.assign(new AggregateError([error('ECONNREFUSED')]), { code: 'ECONNREFUSED' });
    expect(classifyError(aggregate)).toEqual({ kind: 'connect_refused', message: 'ECONNREFUSED' });
  });

  it('knows when this machine has run out of something', () => {
    expect(isLocalExhaustion('connect EMFILE 127.0.0.1:80 - Local (undefined:undefined)')).toBe(true);
    expect(isLocalExhaustion('connect EHOSTUNREACH 10.0.0.1:80')).toBe(false);
  });
});
