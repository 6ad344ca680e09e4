import { describe, expect, it } from 'vitest';
import type * as original from './errors.ts';
import { ExitCode, messageOf, PerfError, reviveError, serialiseError, usageError } from './errors.ts';

function holdsItself(): object {
  const all: Record<string, unknown> = {};
  all['self'] = all;
  return all;
}

describe('PerfError', () => {
  it('is recognised when it comes from another copy of this package', async () => {
    const path = './errors.ts?another-copy';
    const other = (await import(path)) as typeof original;
    expect(other.PerfError).not.toBe(PerfError);
    const theirs = other.usageError('no', { code: 'bad' });
    expect(theirs instanceof PerfError).toBe(true);
    expect(usageError('no', { code: 'bad' }) instanceof other.PerfError).toBe(true);
    expect(serialiseError(theirs)).toMatchObject({ code: 'bad', exitCode: 2 });
  });

  it.each([
    ['an ordinary error', new Error('no')],
    ['text', 'no'],
    ['null', null],
    ['something that looks like one', { code: 'bad', message: 'no', exitCode: 2 }],
  ])('is not %s', (_, value) => {
    expect(value instanceof PerfError).toBe(false);
  });

  it('can be extended, and the extension is not every PerfError', () => {
    class StoreError extends PerfError {}
    const error = new StoreError('full', { code: 'full' });
    expect([error instanceof PerfError, error instanceof StoreError, error instanceof Error]).toEqual([
      true,
      true,
      true,
    ]);
    expect(usageError('no', { code: 'bad' }) instanceof StoreError).toBe(false);
  });

  it('says that nothing could be measured unless it says something else', () => {
    expect(new PerfError('down', { code: 'down' }).exitCode).toBe(ExitCode.CouldNotMeasure);
    expect(usageError('wrong', { code: 'wrong' }).exitCode).toBe(ExitCode.Usage);
  });

  it('survives a process boundary', () => {
    const location = { file: '/a.perf.ts', line: 3, column: 1 };
    const error = usageError('no', { code: 'bad', hint: 'do', excerpt: 'x', location, cause: new Error('why') });
    const back = reviveError(JSON.parse(JSON.stringify(serialiseError(error))) as ReturnType<typeof serialiseError>);
    expect(back instanceof PerfError).toBe(true);
    const { message, code, hint, exitCode, excerpt, stack } = error;
    expect(back).toMatchObject({ message, code, hint, exitCode, excerpt, stack, location });
  });

  it('is made of anything that was thrown', () => {
    expect(serialiseError(new TypeError('no'))).toMatchObject({ code: 'threw', message: 'no', exitCode: 4 });
    expect(serialiseError('no')).toEqual({ code: 'threw', message: 'no', exitCode: 4, stack: undefined });
  });
});

describe('messageOf', () => {
  const refused = new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:3000')], '');
  it.each<[string, unknown, string]>([
    ['an error', new Error('no'), 'no'],
    ['text', 'no', 'no'],
    ['undefined', undefined, 'undefined'],
    ['an error without a message', new RangeError(), 'RangeError'],
    ['an object that cannot become text', Object.create(null), 'something that has no text was thrown'],
    ['an object', { code: 7 }, '{"code":7}'],
    ['a long object', { code: 7, body: 'x'.repeat(300) }, 'an object with code, body'],
    ['an object that holds itself', holdsItself(), 'something that has no text was thrown'],
    ['several at once', refused, 'connect ECONNREFUSED 127.0.0.1:3000'],
    [
      'the cause, where the message hides it',
      new TypeError('fetch failed', { cause: refused }),
      'fetch failed: connect ECONNREFUSED 127.0.0.1:3000',
    ],
    ['the cause only once', new Error('stopped: no disk', { cause: new Error('no disk') }), 'stopped: no disk'],
    [
      'a message for people as it is',
      new PerfError('the disk is full', { code: 'full', cause: new Error('ENOSPC') }),
      'the disk is full',
    ],
  ])('%s', (_, thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });

  it('ends when an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(messageOf(error)).toBe('round');
    const detour = new Error('a', { cause: new Error('b') });
    (detour.cause as Error).cause = detour;
    expect(messageOf(detour)).toMatch(/^a: b/);
  });
});
