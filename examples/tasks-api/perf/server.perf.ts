import { setTimeout as sleep } from 'node:timers/promises';
import { declare, type Metric, type RoundContext, type RoundResult } from 'perfkeel';
import { api, full } from './api.ts';
import { byClients } from './by-clients.ts';
import { between, readMetrics } from './server-metrics.ts';

const busy: Metric = { id: 'event-loop-utilization', unit: 'ratio', better: 'lower' };
const longWaits: Metric = { id: 'long-pool-waits', unit: 'ratio', better: 'lower' };

const clients = 50;

/** Fifty clients that write at once, twice a second: a hundred writes a second, twenty more at once than connections. */
async function write({ target, signal, short }: RoundContext): Promise<RoundResult> {
  const { url } = target!;
  const update = async (index: number): Promise<void> => {
    const body = JSON.stringify({ status: index % 2 === 0 ? 'in_progress' : 'pending' });
    const response = await fetch(`${url}/tasks/${1 + (index % 1000)}/status`, { method: 'PUT', body, signal });
    await response.text();
    if (!response.ok) throw new Error(`the status of a task was answered with ${response.status}`);
  };
  // Opens the connections of both sides.
  await byClients(clients, clients, update);
  const before = await readMetrics(url, signal);
  await byClients(clients, short ? clients : clients * (full ? 16 : 6), async (index) => {
    await update(index);
    await sleep(500, undefined, { signal });
  });
  const after = await readMetrics(url, signal);
  const told = between(before, after);
  const waits = told('db_pool_wait_seconds_count');
  const long = waits - told('db_pool_wait_seconds_bucket{le="0.25"}');
  return {
    measurements: [
      // The server tells it of the time since it was last asked.
      { metric: busy.id, data: { kind: 'exact', value: after('nodejs_eventloop_utilization') } },
      { metric: longWaits.id, data: { kind: 'count', events: long, trials: waits } },
    ],
  };
}

// Nothing synchronous holds up the event loop, and 20 connections, 10 more when needed, are enough.
declare({
  name: 'event loop and connections',
  kind: 'server',
  tags: ['event-loop', 'connection-pool'],
  target: api(),
  metrics: [busy, longWaits],
  primary: busy.id,
  quantiles: false,
  rounds: full ? 2 : 1,
  objectives: [`${busy.id} < 50%`, `${longWaits.id} < 5%`],
  instrument: write,
});
