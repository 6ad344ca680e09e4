import { performance } from 'node:perf_hooks';
import { nanosFromMs, usageError, type LongCollection, type Nanos } from '@perfkeel/core';
import type { LoadProfile } from '../profile/load-profile.ts';
import { measuredWindow, totalDuration, type Window } from '../profile/phase.ts';
import type { EvidencePlan } from './evidence-options.ts';
import type { NamedTestimony, WitnessName } from './evidence-result.ts';
import { EvidenceWatch } from './watch/evidence-watch.ts';
import { askWithin } from './watch/witness-log.ts';
import { metricsEndpoint, type Witness } from './watch/metrics-endpoint.ts';
import { targetPauses } from './watch/target-pauses.ts';
import { vitalsFolder } from './watch/vitals-folder.ts';

/** Where those who can be asked are. */
export interface WitnessPlace {
  readonly url: string | undefined;
  /** Where the processes of the target keep what they tell, when perfkeel has started it so. */
  readonly vitals?: string | undefined;
}

type NamedWitness = WitnessName & { readonly witness: Witness };

function witnessesOf({ metrics }: EvidencePlan, { url, vitals }: WitnessPlace): readonly NamedWitness[] {
  const page = metrics === undefined ? undefined : pageAt(metrics, url);
  return [
    ...(page === undefined
      ? []
      : [{ kind: 'endpoint' as const, name: publicName(page), witness: metricsEndpoint(page) }]),
    ...(vitals === undefined
      ? []
      : [{ kind: 'vitals' as const, name: 'the process of the target', witness: vitalsFolder(vitals) }]),
  ];
}

/** Reports are read by many: names and passwords, and what a query may hold, stay out of them. */
function publicName(page: string): string {
  const { origin, pathname } = new URL(page);
  return `${origin}${pathname}`;
}

function pageAt(metrics: string, url: string | undefined): string {
  if (url !== undefined && URL.canParse(metrics, url)) return new URL(metrics, url).href;
  if (URL.canParse(metrics)) return metrics;
  throw usageError(`the metrics at ${JSON.stringify(metrics)} belong to no target`, {
    code: 'bad-load',
    hint: "Write the whole url: metrics: 'http://127.0.0.1:3000/metrics'.",
    excerpt: 'metrics',
  });
}

/** Those who are being asked. */
export interface RunningWitnesses {
  /** Asks for the last time, and says what all have told. */
  stop(): Promise<readonly NamedTestimony[]>;
  /** Ends it all at once. */
  close(): void;
}

/** Somebody who can be asked once load has begun. */
export interface PreparedWitnesses {
  /** Begins to ask; the run begins now. */
  watch(now: () => Nanos): RunningWitnesses;
}

/** A target that has ended meanwhile tells nothing more. */
async function pausesOf(
  witness: Witness,
  beganMs: number,
  window: Window,
  signal: AbortSignal,
): Promise<readonly LongCollection[]> {
  const pages = await askWithin(witness, firstPatience, signal).catch(() => undefined);
  return targetPauses(pages?.values() ?? [], beganMs, window);
}

/** Who takes longer than this is no quicker under load. */
const firstPatience = nanosFromMs(500);

/**
 * Opens connections, and asks each once before the load, so that the first question under load is no different from the
 * next ones. Who does not answer is told in the end; that holds up the load for half a second at most.
 */
export async function prepareWitnesses(
  plan: EvidencePlan,
  { phases }: LoadProfile,
  place: WitnessPlace,
  signal: AbortSignal = new AbortController().signal,
): Promise<PreparedWitnesses> {
  const named = witnessesOf(plan, place);
  await Promise.all(named.map(({ witness }) => askWithin(witness, firstPatience, signal).catch(() => undefined)));
  const window = measuredWindow(phases);
  const isLast = window.end === totalDuration(phases);
  const witnesses = named.map(({ witness }) => witness);
  return {
    watch(now) {
      const beganMs = performance.timeOrigin + performance.now() - now() / 1e6;
      const watch = new EvidenceWatch({ witnesses, window, every: plan.every, isLast, now });
      const close = (): void => watch.close();
      if (signal.aborted) close();
      else signal.addEventListener('abort', close, { once: true });
      return {
        close() {
          signal.removeEventListener('abort', close);
          close();
        },
        stop: async () => {
          const told = await watch.stop();
          return Promise.all(
            named.map(async ({ kind, name, witness }, i) => ({
              ...{ kind, name, ...told[i]! },
              ...(kind === 'vitals' ? { pauses: await pausesOf(witness, beganMs, window, signal) } : {}),
            })),
          );
        },
      };
    },
  };
}
