import type { Analyser, Diagnosis, DiagnosisId } from './diagnosis.ts';
import type { Facts } from './facts.ts';
import { cacheIneffective, coldCache } from './rules/cache.ts';
import { errorBurst } from './rules/error-burst.ts';
import { eventLoopBlocked } from './rules/event-loop-blocked.ts';
import { gcPressure } from './rules/gc-pressure.ts';
import { cpuSaturated, saturated, serializationRetries } from './rules/others.ts';
import { poolExhausted } from './rules/pool-exhausted.ts';
import { manyQueries, slowQueries } from './rules/queries.ts';
import { tailOnly } from './rules/tail-only.ts';

/** What was found, and what could not be looked for. */
export interface Analysis {
  /** Causes before their effects. */
  readonly diagnoses: readonly Diagnosis[];
  /** What could not be judged, and what the target would have to tell; each a phrase. */
  readonly unjudged: readonly string[];
}

/** Causes before their effects. */
const analysers: readonly Analyser[] = [
  gcPressure,
  eventLoopBlocked,
  poolExhausted,
  slowQueries,
  manyQueries,
  coldCache,
  cacheIneffective,
  serializationRetries,
  cpuSaturated,
  saturated,
  errorBurst,
  tailOnly,
];

/** Fewer requests than these say nothing of a mean. */
const fewestRequests = 20;

/**
 * What holds a target up, in causal order. Effects of something that was found are left out. Nothing is said of the target
 * where the generator itself was at its end.
 */
export function diagnose(facts: Facts): Analysis {
  const { doubts, client } = facts;
  const spoilt = doubts.find(({ forbids }) => forbids === 'verdict');
  if (spoilt !== undefined) return { diagnoses: [], unjudged: [`the target, since ${spoilt.message}`] };
  if (client.requests < fewestRequests) {
    return { diagnoses: [], unjudged: [`the target by ${client.requests} requests: it takes ${fewestRequests}`] };
  }
  const found = analysers.flatMap((analyser): Found[] => {
    const diagnosis = analyser.examine(facts);
    return diagnosis === undefined ? [] : [{ analyser, diagnosis: { id: analyser.id, ...diagnosis } }];
  });
  const effects = new Set<DiagnosisId>(found.flatMap(({ analyser }) => analyser.causes));
  // Whatever holds requests up makes the slowest of them slow.
  if (found.some(({ analyser }) => analyser !== tailOnly)) effects.add(tailOnly.id);
  return {
    diagnoses: found
      .filter(({ analyser }) => !effects.has(analyser.id))
      .map(({ diagnosis }) => (doubts.length > 0 ? { ...diagnosis, certainty: 'possible' } : diagnosis)),
    unjudged: analysers.flatMap(({ lacks }) => lacks?.(facts) ?? []),
  };
}

interface Found {
  readonly analyser: Analyser;
  readonly diagnosis: Diagnosis;
}
