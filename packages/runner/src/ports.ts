import { createServer } from 'node:net';

/** Ports below the ephemeral range of every supported system: outgoing connections never take one of them. */
const lowest = 20_000;
const highest = 32_000;

/** Whether nothing listens on a port of the loopback interface. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

// Processes that were started one after the other begin far from each other.
let next = lowest + ((process.pid * 7919) % (highest - lowest));

/**
 * A free port for a process that cannot report its own. A port that the system hands out by itself lies in the
 * ephemeral range, where any client socket in TIME-WAIT can block it a moment later.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < highest - lowest; attempt++) {
    const port = next;
    next = next + 1 >= highest ? lowest : next + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${lowest} and ${highest}`);
}
