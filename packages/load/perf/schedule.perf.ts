import { createArrivalSchedule, mixRequests, parseStages, prepareRequest } from '@perfkeel/load';
import { bench } from 'perfkeel';

// What the generator does for every arrival, besides the request itself: it must be far below the gap between arrivals.
const { phases } = parseStages(['ramp to 10000/s over 30s', 'hold 10000/s for 60s']);
const uniform = createArrivalSchedule({ phases });
const poisson = createArrivalSchedule({ phases, arrivals: 'poisson', seed: 1 });
const order = { id: 42, items: [{ sku: 'A-1', quantity: 2 }], note: 'leave it at the door' };
const cycle = mixRequests([
  prepareRequest({ path: '/', weight: 8 }),
  prepareRequest({ path: '/orders', body: order, weight: 2 }),
]);

let uniformIndex = 0;
bench('the time of a uniform arrival', {
  run: () => uniform.timeOf((uniformIndex = (uniformIndex + 1) % uniform.count)),
  objectives: ['median < 10us'],
});

let poissonIndex = 0;
bench('the time of a Poisson arrival', {
  run: () => poisson.timeOf((poissonIndex = (poissonIndex + 1) % poisson.count)),
  objectives: ['median < 10us'],
});

let cycleIndex = 0;
bench('the next request of a mix', {
  run: () => cycle[(cycleIndex = (cycleIndex + 1) % cycle.length)],
  objectives: ['median < 10us'],
});

bench('preparing a request with a JSON body', {
  run: () => prepareRequest({ path: '/orders', body: order, expect: 201 }),
  objectives: ['median < 200us'],
});
