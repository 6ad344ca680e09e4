import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Long enough for a flood of new connections to ask once, short enough to follow a name that moves. */
const keptForMs = 10_000;

/**
 * Looks a name up at most every ten seconds: looking up takes a thread of a small pool, and with a new connection for
 * each request that pool, not the target, would be measured.
 */
export function cachedLookup(): LookupFunction {
  const known = new Map<string, Promise<LookupAddress[]>>();
  return (hostname, options, callback) => {
    let addresses = known.get(hostname);
    if (addresses === undefined) {
      addresses = allAddresses(hostname, options);
      known.set(hostname, addresses);
      const forget = (): boolean => known.delete(hostname);
      addresses.then(() => setTimeout(forget, keptForMs).unref(), forget);
    }
    addresses.then(
      (all) => (options.all === true ? callback(null, all) : callback(null, all[0]!.address, all[0]!.family)),
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

function allAddresses(hostname: string, options: object): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });
}
