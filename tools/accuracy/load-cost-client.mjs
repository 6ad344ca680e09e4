/**
 * One client of load-cost.mjs in a process of its own: a closed loop of so many connections, each sending its next
 * request when it has the answer to the last. Prints what it did in steady state, behind a warm-up: `{ requests, cpu }`.
 *
 *     node load-cost-client.mjs <http1|autocannon> <url> <connections> <warm-up s> <measured s> [bundle of the driver]
 */
import { pathToFileURL } from 'node:url';

const [tool, url, ...rest] = process.argv.slice(2);
const [connections, warmup, measured] = rest.map(Number);
const bundle = rest[3];
/** A starved program is not warm after a time, but after so much work. */
const warmRequests = 60_000;
const seconds = ({ user, system }) => (user + system) / 1e6;
const after = (time) => new Promise((resolve) => setTimeout(resolve, time * 1000));

async function http1() {
  const { createHttpDriver, prepareRequest } = await import(pathToFileURL(bundle).href);
  const now = () => performance.now() * 1e6;
  const request = prepareRequest({ path: '/' });
  let requests = 0;
  const sink = {
    answered(token) {
      requests += 1;
      driver.send(request, token);
    },
    failed(token, failure) {
      throw new Error(JSON.stringify(failure));
    },
    roomAgain() {},
  };
  const driver = createHttpDriver({ url: new URL(url), now, timeout: 10e9, sink });
  for (let i = 0; i < connections; i++) driver.send(request, i);
  const began = performance.now();
  while (requests < warmRequests || performance.now() - began < warmup * 1000) await after(0.05);
  const [before, cpu] = [requests, process.cpuUsage()];
  await after(measured);
  const found = { requests: requests - before, cpu: seconds(process.cpuUsage(cpu)) };
  driver.close();
  return found;
}

/** Its first run warms the code up; its own start-up is a part of the second, as it is of wrk's only one. */
async function autocannon() {
  const { default: run } = await import('autocannon');
  const options = { url, connections, pipelining: 1, workers: undefined };
  for (let warm = 0; warm < warmRequests;) warm += (await run({ ...options, duration: warmup })).requests.total;
  const cpu = process.cpuUsage();
  const { requests, errors, non2xx } = await run({ ...options, duration: measured });
  if (errors + non2xx > 0) throw new Error(`${errors} errors`);
  return { requests: requests.total, cpu: seconds(process.cpuUsage(cpu)) };
}

console.log(JSON.stringify(await { http1, autocannon }[tool]()));
