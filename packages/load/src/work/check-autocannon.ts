import { usageError, type Nanos } from '@perfkeel/core';
import type { PreparedRequest } from '../prepared-request.ts';
import type { LoadProfile } from '../profile/load-profile.ts';

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

/** @throws PerfError `bad-load`, exit code 2, for what autocannon cannot do. */
export function checkAutocannon(profile: LoadProfile, requests: readonly PreparedRequest[], timeout: Nanos): void {
  if (profile.model === 'open') {
    fail(
      'autocannon has no arrivals: it sends a rate in one burst at the top of each second',
      'Leave the driver out, or write clients: 50.',
      'autocannon',
    );
  }
  const { phases, think } = profile;
  const levels = new Set(phases.flatMap(({ level }) => [level.from, level.to]));
  if (levels.size > 1)
    fail('autocannon has one number of clients for a whole run', 'Leave the driver out.', 'autocannon');
  if (think.kind === 'exponential' || think.to > 0) {
    fail('clients of autocannon cannot think', 'Leave the driver or the think time out.', 'think');
  }
  if (timeout < 1e9) fail('autocannon cannot time out in less than a second', "Write timeout: '1s'.", 'timeout');
  if (requests.some(({ expectBody }) => expectBody !== undefined)) {
    fail('autocannon does not keep bodies', 'Leave the driver or expectBody out.', 'expectBody');
  }
  if (requests.some(({ method }) => method === 'HEAD')) {
    fail('autocannon cannot send HEAD: it would wait for a body', 'Use GET, or leave the driver out.', 'HEAD');
  }
}
