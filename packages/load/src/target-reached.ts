import { PerfError, oneLine } from '@perfkeel/core';
import type { LoadAccounts } from './record/load-recorder.ts';

/** After so many attempts that all failed to connect, the rest would fail as well. */
const attemptsToGiveUp = 30;

/** Whether everything so far failed before there was a connection. */
const neverReached = ({ settled, neverConnected }: LoadAccounts): boolean => settled > 0 && neverConnected === settled;

/** Whether going on is pointless, because nothing has ever connected. */
export const isHopeless = (accounts: LoadAccounts): boolean =>
  accounts.settled >= attemptsToGiveUp && neverReached(accounts);

const certificate = /certificate|altnames|\bCERT\b/i;

function untrusted(place: string, attempts: string, said: string): PerfError {
  return new PerfError(`no connection over TLS to ${place}: ${oneLine(said).trim()}, with ${attempts}`, {
    code: 'target-untrusted',
    hint: certificate.test(said)
      ? "Trust its authority, driver: { use: 'http1', tls: { ca: readFileSync('ca.pem') } } (perfkeel load --ca ca.pem), or any certificate, tls: { rejectUnauthorized: false } (--insecure)."
      : 'Correct the url, if it is one for http://, or the certificates and protocols of the target.',
  });
}

/**
 * A target that nothing could connect to has not been measured: that is no error rate of 100 %.
 *
 * @throws PerfError `target-refused`, `target-not-found` or `target-untrusted`.
 */
export function checkTargetReached(url: string | undefined, accounts: LoadAccounts): void {
  if (!neverReached(accounts)) return;
  const { settled, firstMessages } = accounts;
  const attempts = settled === 1 ? 'the only attempt' : `all ${settled} attempts`;
  const place = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  // Of a Unix socket the system names the path.
  const socket = /^connect E[A-Z]+ (\/.*)$/.exec(firstMessages.connect_refused ?? '')?.[1];
  if (firstMessages.dns !== undefined) {
    throw new PerfError(`${place?.hostname ?? 'the target'} has no address: ${attempts} failed to look it up`, {
      code: 'target-not-found',
      hint: 'Correct the host name.',
    });
  }
  if (firstMessages.tls !== undefined) throw untrusted(place?.origin ?? 'the target', attempts, firstMessages.tls);
  throw new PerfError(
    `nothing accepts connections at ${socket ?? place?.origin ?? 'the target'}, tried with ${attempts}`,
    {
      code: 'target-refused',
      hint: "Start it before the load, correct the url, or let perfkeel start it: target({ command: ['node', 'server.js'] }).",
    },
  );
}
