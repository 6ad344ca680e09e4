import { EventEmitter } from 'node:events';
import { nanos } from '@perfkeel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClientLedger } from './client-ledger.ts';
import { LoadRecorder } from './load-recorder.ts';
import { prepareRequest } from './prepared-request.ts';

let client: EventEmitter;
let ledger: ClientLedger;
let recorder: LoadRecorder;
let now = 0;

beforeEach(() => {
  client = new EventEmitter();
  now = 0;
  recorder = new LoadRecorder({ start: nanos(0), end: nanos(1000) }, nanos(500));
  ledger = new ClientLedger(client, {
    recorder,
    now: () => nanos(now),
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

const accounts = () => ({
  sent: recorder.whole.sent,
  completed: recorder.completed,
  failures: Object.fromEntries(Object.entries(recorder.failures).filter(([, count]) => count > 0)),
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
    expect([recorder.serviceTime.min, recorder.serviceTime.max]).toEqual([10, 15]);
  });

  it('notices a request that ended with its connection, in silence', () => {
    happens('request');
    happens('request');
    happens('response', 201);
    expect(accounts()).toEqual({ sent: 2, completed: 1, failures: { closed_early: 1 }, pending: 0 });
    expect(recorder.serviceTime.max).toBe(10);
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
    expect(recorder.serviceTime.max).toBe(500);
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
});
