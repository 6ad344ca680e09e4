import { describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { parseDuration, parsePercent, parseRate, parseSize, readQuantity } from './quantity.ts';
import type { Unit } from './units.ts';

describe('readQuantity', () => {
  it.each<[string, string, number, Unit]>([
    ['nanoseconds', '15ns', 15, 'ns'],
    ['microseconds', '15us', 15e3, 'ns'],
    ['microseconds with a Greek letter', '15µs', 15e3, 'ns'],
    ['milliseconds', '200ms', 200e6, 'ns'],
    ['a fraction', '1.5s', 1.5e9, 'ns'],
    ['a fraction without a zero', '.5s', 0.5e9, 'ns'],
    ['minutes', '10m', 600e9, 'ns'],
    ['hours', '2h', 7200e9, 'ns'],
    ['grouped digits', '1_000ms', 1e9, 'ns'],
    ['an exponent', '1e3ms', 1e9, 'ns'],
    ['a space before the unit', '200 ms', 200e6, 'ns'],
    ['bytes', '64B', 64, 'B'],
    ['decimal megabytes', '1.5MB', 1.5e6, 'B'],
    ['binary megabytes', '512MiB', 512 * 2 ** 20, 'B'],
    ['a rate', '100/s', 100, '1/s'],
    ['a rate a minute', '6000/m', 100, '1/s'],
    ['a rate an hour', '3600/h', 1, '1/s'],
    ['growth by operation', '64B/op', 64, 'B/op'],
    ['growth by time', '3.6MB/h', 1000, 'B/s'],
    ['a share', '0.1%', 0.001, 'ratio'],
    ['a share with a space', '5 %', 0.05, 'ratio'],
    ['a plain number', '10', 10, 'count'],
    ['a negative one', '-3', -3, 'count'],
  ])('%s: %s', (_, text, value, unit) => {
    expect(readQuantity(text)).toEqual({ value: expect.closeTo(value, 9) as number, unit });
  });

  it.each([
    ['no unit that there is', '100rps'],
    ['a unit in words', '5 minutes'],
    ['capital letters have another meaning', '5MS'],
    ['a unit alone', 'ms'],
    ['nothing', ''],
    ['two numbers', '1 2ms'],
    ['a point without digits', '5.ms'],
    ['a number without end', 'Infinityms'],
    ['too large for a number', '1e999ms'],
    ['hexadecimal', '0x10ms'],
    ['grouped wrongly', '1_00ms'],
  ])('knows no %s: %j', (_, text) => {
    expect(readQuantity(text)).toBe(undefined);
  });
});

describe('quantities of one kind', () => {
  it.each([
    ['a duration', parseDuration('30s'), 30e9],
    ['a rate', parseRate('600/m'), 10],
    ['a size', parseSize('64MB'), 64e6],
    ['a percentage', parsePercent('5%'), 0.05],
    ['zero', parseDuration('0s'), 0],
  ])('%s', (_, got, wanted) => {
    expect(got).toBe(wanted);
  });

  it.each<[string, () => unknown, string, string]>([
    ['another kind', () => parseDuration('64MB'), '"64MB" is not a duration', '"30s"'],
    ['no unit', () => parseRate('100'), '"100" is not a rate', '"100/s"'],
    ['a negative one', () => parseSize('-1B'), '"-1B" is not a size', '"64MB"'],
    ['a number', () => parsePercent(5 as unknown as '5%'), '5 is not a percentage', '"5%"'],
    ['nothing', () => parseDuration(undefined as unknown as '5s'), 'undefined is not a duration', '"30s"'],
    ['a big number', () => parseDuration(5n as unknown as '5s'), '5 is not a duration', '"30s"'],
  ])('refuses %s', (_, act, message, example) => {
    const error = failureOf(act);
    expect(error).toMatchObject({ code: 'bad-quantity', exitCode: 2, message });
    expect(error.hint).toContain(example);
  });
});
