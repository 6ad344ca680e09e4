import { describeValue, usageError } from '@perfkeel/core';
import type { LoadProfile } from '../profile/load-profile.ts';
import { partName } from '../profile/stage.ts';

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

/** As many have a histogram of their own. */
const mostEndpoints = 64;

/**
 * The endpoints of requests or steps with these names; several with the same name are one.
 *
 * @throws PerfError `bad-load`, exit code 2.
 */
export function endpointsOf(names: readonly unknown[], profile: LoadProfile): readonly string[] {
  for (const name of names) checkName(name, profile);
  const endpoints = [...new Set(names.filter((name) => name !== undefined))] as string[];
  if (endpoints.length > mostEndpoints) {
    fail(`${endpoints.length} names of requests are more than ${mostEndpoints}`, 'Give several the same name.', 'name');
  }
  return endpoints;
}

function checkName(name: unknown, { phases }: LoadProfile): void {
  if (name === undefined) return;
  if (typeof name !== 'string' || !partName.test(name)) {
    fail(
      `a request cannot be called ${describeValue(name)}`,
      "A name is a word of letters, digits, - and _: name: 'checkout'.",
      'name',
    );
  }
  if (phases.some((phase) => phase.name === name)) {
    fail(`a phase and a request are both called ${describeValue(name)}`, 'Rename one of them.', name);
  }
}
