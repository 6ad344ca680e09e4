import { EventEmitter } from 'node:events';
import { nanos } from '@perfkeel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { prepareRequest } from '../prepared-request.ts';
import { constant } from '../profile/phase.ts';
import { LoadRecorder } from '../record/load-recorder.ts';
import { sumTallies, type Totals } from '../record/tally.ts';
import { ClientLedger } from './client-ledger.ts';

let client: EventEmitter;
let ledger: ClientLedger;
let recorder: LoadRecorder;
let now = 0;

beforeEach(() => {
  client = new EventEmitter();
  now = 0;
  const phase = { name: 'steady', duration: nanos(1000), level: constant(1), record: true };
  recorder = new LoadRecorder([phase], 0, nanos(500));
  ledger = new ClientLedger(client, {
    recorder,
    now: () => nanos(now),
    phaseAt: (time) => (time < 1000 ? 0 : -1),
    timeout: nanos(500),
    requests: [prepareRequest({ path: '/' }), prepareRequest({ path: '/made', expect: 201 })],
    onSettled: () => {},
  });
});

/** The events of autocannon 9 in its order, some time after the previous one. */
const happens = (event: string, ...values: unknown[]): void => {
  now += 10;
  client.emit(event, ...values);
};

const counted = (): Totals => sumTallies(recorder.phases);

const accounts = () => ({
  sent: counted().sent,
  completed: counted().completed,
  failures: Object.fromEntries(Object.entries(counted().failures).filter(([, count]) => count > 0)),
  pending: ledger.pending.length,
});

describe('the ledger of a client', () => {
  it('times an answer from the latest request, and holds it against its own expectation', () => {
    happens('request');
    happens('response', 200);
    happens('request');
    now += 5;
    happens('response', 200);
    happens('request');
    expect(accounts()).toEqual({ sent: 3, completed: 1, failures: { status: 1 }, pending: 1 });
    expect([counted().serviceTime.min, counted().serviceTime.max]).toEqual([10, 15]);
  });

  it('notices a request that ended with its connection, in silence', () => {
    happens('request');
    happens('request');
    happens('response', 201);
    expect(accounts()).toEqual({ sent: 2, completed: 1, failures: { closed_early: 1 }, pending: 0 });
    expect([counted().serviceTime.min, counted().serviceTime.max]).toEqual([10, 500]);
  });

  it('counts an error of the connection once', () => {
    happens('request');
    happens('connError', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    happens('request');
    expect(accounts()).toEqual({ sent: 2, completed: 0, failures: { reset: 1 }, pending: 1 });
  });

  it('knows a timeout from a lost request, though it is reported behind the next one', () => {
    happens('request');
    happens('request');
    happens('timeout');
    happens('response', 201);
    expect(accounts()).toEqual({ sent: 2, completed: 1, failures: { timeout: 1 }, pending: 0 });
    expect(counted().serviceTime.max).toBe(500);
  });

  it('does not count the request that goes into a connection which the answer has ended', () => {
    happens('request');
    happens('headers', { shouldKeepAlive: false });
    happens('response', 200);
    happens('request');
    happens('request');
    happens('headers', { shouldKeepAlive: true });
    happens('response', 200);
    expect(accounts()).toEqual({ sent: 2, completed: 2, failures: {}, pending: 0 });
  });

  it('notices an answer that ends in its middle', () => {
    happens('request');
    happens('headers', { shouldKeepAlive: true });
    happens('request');
    happens('response', 201);
    expect(ledger.cutAnswers).toBe(1);
    expect(accounts()).toEqual({ sent: 2, completed: 1, failures: { closed_early: 1 }, pending: 0 });
  });

  it('forgets what is sent behind the end', () => {
    now = 1000;
    happens('request');
    happens('response', 200);
    expect(accounts()).toEqual({ sent: 0, completed: 0, failures: {}, pending: 0 });
  });
});
