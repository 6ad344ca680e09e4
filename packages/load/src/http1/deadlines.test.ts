import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';
import { Deadlines } from './deadlines.ts';
import { ExchangeStore } from './exchange.ts';
import { Link, LinkedList } from './linked-list.ts';
import type { WireRequest } from './wire-request.ts';

const ms = (value: number) => nanos(value * 1e6);
const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

describe('a list', () => {
  it('keeps its order, whoever leaves', () => {
    const list = new LinkedList<number>();
    const links = [0, 1, 2, 3, 4].map((i) => new Link(i));
    for (const link of links) list.push(link);
    links[0]!.leave();
    links[2]!.leave();
    links[4]!.leave();
    links[4]!.leave();
    list.push(links[0]!);
    expect([list.size, list.shift(), list.shift(), list.shift(), list.shift(), list.size]).toEqual([
      3,
      1,
      3,
      0,
      undefined,
      0,
    ]);
    list.push(links[2]!);
    expect([list.first?.owner, links[2]!.list === list, links[1]!.list]).toEqual([2, true, undefined]);
  });
});

describe('deadlines', () => {
  it('end each thing of each line at its time, and none that has left', async () => {
    const began = performance.now();
    const now = () => ms(performance.now() - began);
    const deadlines = new Deadlines(now);
    const ended: [string, number][] = [];
    const note = (name: string): void => void ended.push([name, performance.now() - began]);
    const slow = deadlines.line(ms(120), note);
    const quick = deadlines.line(ms(40), note);
    const left = new Link('left');
    slow.add(new Link('slow'), now());
    quick.add(new Link('quick'), now());
    quick.add(left, now());
    left.leave();
    await pause(20);
    quick.add(new Link('later'), now());
    while (ended.length < 3) await pause(5);
    const times = Object.fromEntries(ended);
    expect(ended.map(([name]) => name).filter((name) => name !== 'slow')).toEqual(['quick', 'later']);
    expect([times['quick']! >= 39, times['later']! >= 59, times['slow']! >= 119]).toEqual([true, true, true]);
  });

  it('end nothing once they are stopped', async () => {
    const deadlines = new Deadlines(() => ms(performance.now()));
    const ended: number[] = [];
    const line = deadlines.line<number>(ms(5), (owner) => ended.push(owner));
    line.add(new Link(1), ms(performance.now()));
    deadlines.stop();
    line.add(new Link(2), ms(performance.now()));
    await pause(30);
    expect(ended).toEqual([]);
  });
});

describe('the pauses of a back-off', () => {
  it('double from 1 ms up to 50 ms, and end with a success', () => {
    const backOff = new BackOff();
    const pauses: number[] = [];
    let now = 0;
    for (let i = 0; i < 8; i++) {
      backOff.failed(now, now, true);
      pauses.push(backOff.waitAt(now) / 1e6);
      now += backOff.waitAt(now);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 50, 50]);
    backOff.succeeded();
    expect([backOff.waitAt(now), backOff.isHopeless]).toEqual([0, false]);
  });

  it('count attempts that were under way together as one', () => {
    const backOff = new BackOff();
    for (let i = 0; i < 5; i++) backOff.failed(0, 100 + i, true);
    expect(backOff.waitAt(100)).toBe(1e6);
    expect([backOff.isProbe(0), backOff.isProbe(1e6 + 100)]).toEqual([false, true]);
  });
});

it('exchanges that are over are used again, as if they were new', () => {
  const store = new ExchangeStore();
  const wire = {} as WireRequest;
  const exchange = store.take(1, wire, 5);
  Object.assign(exchange, { firstByteAt: 7, bytes: 8 });
  const waiting = new LinkedList<typeof exchange>();
  waiting.push(exchange.place);
  store.release(exchange);
  const { token, sentAt, firstByteAt, bytes, body, connection } = store.take(2, wire, 6);
  expect([token, sentAt, firstByteAt, bytes, body, connection]).toEqual([2, 6, -1, 0, undefined, undefined]);
  expect([waiting.size, store.take(3, wire, 0) === exchange]).toEqual([0, false]);
});
