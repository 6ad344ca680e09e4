import { describe, expect, it } from 'vitest';
import { classifyError, isLocalExhaustion } from './failure.ts';

const error = (code: string, message = `read ${code}`): Error => Object.assign(new Error(message), { code });

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
    [error('EMFILE'), 'other'],
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
