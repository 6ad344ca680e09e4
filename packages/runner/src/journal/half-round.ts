import { formatQuantity, nanosFromMs, type Measurement, type Warning } from '@perfkeel/core';
import type { HalfRound } from './journal-entry.ts';

const time = (ms: number): string => formatQuantity(nanosFromMs(ms), 'ns');

/** How far a round got. Its numbers are real, but not those of what was meant to be measured: nothing follows from them. */
function halfRoundWarning({ round, afterMs, ofMs }: HalfRound): Warning {
  const of = ofMs === undefined ? '' : ` of ${time(ofMs)}`;
  return {
    code: 'half-round',
    message: `round ${round + 1} did not come to its end: this is what it had measured after ${time(afterMs)}${of}`,
    forbids: 'verdict',
  };
}

/** What a round that was cut short had measured, with how far it got beside every number. */
export const halfRoundMeasurements = (half: HalfRound): Measurement[] =>
  half.measurements.map((one) => ({ ...one, warnings: [halfRoundWarning(half), ...one.warnings] }));
