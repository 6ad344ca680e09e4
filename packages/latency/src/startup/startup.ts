import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  refuseUnknownOptions,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type TimeStatistic,
} from '@perfkeel/core';
import { measureStartup } from './measure-startup.ts';
import { planStartup, type StartupSubject } from './plan-startup.ts';

/** What a start-up benchmark can promise. */
export type StartupObjective = `${TimeStatistic} ${Comparator} ${DurationText}`;

export interface StartupOptions extends StartupSubject, CommonOptions<StartupObjective> {}

const ownOptions = ['command', 'ready', 'env', 'cwd', 'samples', 'startTimeout'];

/**
 * Declares a start-up benchmark: a real process, from spawn until it is ready.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * startup('cli --version', { command: ['node', 'dist/cli.js', '--version'], objectives: ['median < 300ms'] });
 */
export function startup(name: string, options: StartupOptions): Declaration {
  const location = callSite(startup);
  locating(location, () => {
    planStartup(options);
    refuseUnknownOptions('startup', name, options, ownOptions);
  });
  return declare({
    name,
    kind: 'startup',
    metrics: [metrics.startupTime],
    primary: metrics.startupTime.id,
    quantiles: true,
    ...commonParts(options, { rounds: 5 }),
    location,
    instrument: async (context) => {
      const { startupTime } = await measureStartup(options, context);
      return { measurements: [{ metric: metrics.startupTime.id, data: { kind: 'sample', values: startupTime } }] };
    },
  });
}
