import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PerfError } from '@perfkeel/core';

/**
 * Below the range from which systems take the ports of outgoing connections (from 32768 on Linux): a client socket in
 * TIME-WAIT would block a port there a moment after it was found free.
 */
const lowest = 10_240;
const highest = 32_767;
const attempts = 200;

/** Whether nothing listens on a port of 127.0.0.1, be it there alone or on every interface. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free port below the ephemeral range. @throws PerfError `no-free-port` */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(lowest, highest + 1);
    if (await isFree(port)) return port;
  }
  throw new PerfError(`found no free port between ${lowest} and ${highest} in ${attempts} attempts`, {
    code: 'no-free-port',
    hint: 'Is something else using up the ports of this machine?',
  });
}
