import { declare, type Metric, type RoundContext, type RoundResult } from 'perfkeel';
import { api, full } from './api.ts';
import { byClients } from './by-clients.ts';
import { between, readMetrics, type Told } from './server-metrics.ts';

const hitRate: Metric = { id: 'cache-hit-rate', unit: 'ratio', better: 'higher' };
const leastRate = 0.7;

/** One of fifty entries, the first ones far more often: its logarithm is evenly distributed. */
const entryAt = (index: number): number => Math.ceil(50 ** ((index * 0.618_033_988_7) % 1));

/** Reads entries, and tells what the server counted meanwhile. */
async function countHits({ target, signal, short }: RoundContext): Promise<RoundResult> {
  const { url } = target!;
  let hits = 0;
  const before = await readMetrics(url, signal);
  await byClients(10, short ? 50 : full ? 2000 : 400, async (index) => {
    const response = await fetch(`${url}/registry/${entryAt(index)}`, { signal });
    await response.text();
    if (!response.ok) throw new Error(`the entry ${entryAt(index)} was answered with ${response.status}`);
    if (response.headers.get('x-cache') === 'hit') hits++;
  });
  return resultOf(between(before, await readMetrics(url, signal)), hits);
}

/** @param said how many of the answers named the cache: the counters of the server are held against it */
function resultOf(told: Told, said: number): RoundResult {
  const [hits, misses] = [told('cache_hits_total'), told('cache_misses_total')];
  const reads = hits + misses;
  const warnings: { code: string; message: string; forbids?: 'verdict' }[] = [];
  if (hits !== said) {
    const message = `the server counted ${hits} hits, and ${said} of its answers named the cache`;
    warnings.push({ code: 'counters-disagree', message, forbids: 'verdict' });
  }
  if (hits < leastRate * reads) {
    const cost = (told('cache_miss_duration_seconds_sum') / misses) * 1000;
    const message = `${misses} of ${reads} reads missed the cache; each read the database for ${cost.toFixed(1)} ms`;
    warnings.push({ code: 'cache-misses', message });
  }
  return { measurements: [{ metric: hitRate.id, data: { kind: 'count', events: hits, trials: reads }, warnings }] };
}

// FR-20, as a metric of our own. The cache is empty at the beginning, and nothing warms it up.
declare({
  name: 'reads answered by the cache',
  kind: 'cache',
  tags: ['FR-20'],
  target: api(),
  metrics: [hitRate],
  primary: hitRate.id,
  quantiles: false,
  rounds: full ? 2 : 1,
  objectives: [`${hitRate.id} > ${leastRate * 100}%`],
  instrument: countHits,
});
