// A server of known capacity: node queueing-server.mjs <slots> <milliseconds of service>
//
// Every request takes a slot for the time of the service, in the order of arrival. The times are computed and not slept
// one after the other, so that late timers delay an answer and take nothing from the capacity, slots / service.
// GET /die ends the process.
import { createServer } from 'node:http';

const [slots = 1, service = 10] = process.argv.slice(2).map(Number);
const freeAt = new Array(slots).fill(0);

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.url === '/die') process.exit(0);
  const now = performance.now();
  const slot = freeAt.indexOf(Math.min(...freeAt));
  freeAt[slot] = Math.max(freeAt[slot], now) + service;
  setTimeout(() => response.end('ok'), freeAt[slot] - now);
});
server.listen(0, '127.0.0.1', 1024, () => console.log(server.address().port));
