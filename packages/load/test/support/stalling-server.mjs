// Answers at once, but stops as a whole for a while: node stalling-server.mjs <stall after ms> <stall ms>
import { createServer } from 'node:http';

const [after, stall] = process.argv.slice(2).map(Number);
const stop = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stall);
let started = false;

const server = createServer((request, response) => {
  if (!started) setTimeout(stop, after);
  started = true;
  response.end('ok');
});
server.listen(0, '127.0.0.1', 1024, () => console.log(server.address().port));
