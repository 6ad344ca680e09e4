import { PerfError } from '@perfkeel/core';
import type { LoadRecorder } from './load-recorder.ts';

/** After so many attempts that all failed to connect, the rest would fail as well. */
const attemptsToGiveUp = 100;

/** Whether everything so far failed before there was a connection. */
function neverConnected({ whole }: LoadRecorder): boolean {
  return whole.settled > 0 && whole.failures.connect_refused + whole.failures.dns === whole.settled;
}

/** Whether going on is pointless, because nothing has ever connected. */
export const isHopeless = (recorder: LoadRecorder): boolean =>
  recorder.whole.settled >= attemptsToGiveUp && neverConnected(recorder);

/**
 * A target that nothing could connect to has not been measured: that is no error rate of 100 %.
 *
 * @throws PerfError `target-refused` or `target-not-found`.
 */
export function checkTargetReached(url: URL, recorder: LoadRecorder): void {
  if (!neverConnected(recorder)) return;
  const { settled, failures } = recorder.whole;
  const attempts = settled === 1 ? 'the only request' : `all ${settled} requests`;
  if (failures.dns > 0) {
    throw new PerfError(`${url.hostname} has no address: ${attempts} failed to look it up`, {
      code: 'target-not-found',
      hint: 'Correct the host name in the url.',
    });
  }
  throw new PerfError(`nothing accepts connections at ${url.origin}, tried with ${attempts}`, {
    code: 'target-refused',
    hint: "Start it before the load, correct the url, or let perfkeel start it: target({ command: ['node', 'server.js'] }).",
  });
}
