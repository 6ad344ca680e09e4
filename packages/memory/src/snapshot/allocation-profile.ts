import { Session, type HeapProfiler } from 'node:inspector/promises';
import type { AllocationSite } from './allocation-site.ts';
import { ownCode } from './own-code.ts';
import { sourcePlaces, type ScriptPlace } from './source-place.ts';

/** A profile of what is alive, by the place that allocated it, in the format that DevTools opens as `.heapprofile`. */
export type HeapProfile = HeapProfiler.SamplingHeapProfile;

export interface AllocationProfile {
  /** Remembers what is alive now. */
  mark(): Promise<void>;
  /** What has come to be alive since the mark, by place, most bytes first; `iterations` have run since then. */
  diff(iterations: number): Promise<AllocationSite[]>;
  /** Ends the profile and returns all of it. */
  stop(): Promise<HeapProfile>;
}

export interface AllocationProfileOptions {
  /** Mean distance between samples, in bytes. Finer costs the program more: 4 to 9 % at 32 KB. @default 16384 */
  readonly intervalBytes?: number | undefined;
  /**
   * `false` turns the engine's optimiser off meanwhile, and the program is several times slower. Optimised, a function
   * allocates what small ones that it calls would, and a loop over a cycle of work what the cycle would. @default true
   */
  readonly optimised?: boolean | undefined;
}

const defaultInterval = 16_384;

/**
 * Starts to sample allocations in this process. Only what is still alive when it looks counts; each look collects
 * garbage before. Rates come within about a third of the truth after a few hundred samples.
 *
 * @example
 * const profile = await allocationProfile();
 * await profile.mark();
 * for (let i = 0; i < 1000; i++) handle(request);
 * const [worst] = await profile.diff(1000);
 * await profile.stop();
 */
export async function allocationProfile(options: AllocationProfileOptions = {}): Promise<AllocationProfile> {
  const session = new Session();
  session.connect();
  if (options.optimised === false) await stopOptimising(session);
  const samplingInterval = options.intervalBytes ?? defaultInterval;
  await session.post('HeapProfiler.startSampling', { samplingInterval });
  const sitesOf = siteFinder();
  const look = async (): Promise<HeapProfile> => {
    await session.post('HeapProfiler.collectGarbage');
    return (await session.post('HeapProfiler.getSamplingProfile')).profile;
  };
  let marked = new Map<string, Site>();
  return {
    mark: async () => void (marked = sitesOf(await look())),
    diff: async (iterations) => growthOf(marked, sitesOf(await look()), iterations),
    stop: async () => {
      try {
        return (await session.post('HeapProfiler.stopSampling')).profile;
      } finally {
        session.disconnect();
      }
    },
  };
}

/**
 * Counting calls gives up all optimised code, and makes no more of it, until the session ends. There is one way of
 * counting in a process: whoever wants the coverage of this one keeps theirs.
 */
async function stopOptimising(session: Session): Promise<void> {
  if (process.env['NODE_V8_COVERAGE']) return;
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
}

interface Site {
  readonly fn: string;
  readonly place: ScriptPlace;
  bytes: number;
}

type CallFrame = HeapProfiler.SamplingHeapProfileNode['callFrame'];

interface Step {
  readonly node: HeapProfiler.SamplingHeapProfileNode;
  /** The nearest caller in the code of the user. */
  readonly caller: Site | undefined;
  /** Whether it was called by code that measures. */
  readonly within: boolean;
}

/** What the look itself allocates. */
const isOfLook = (url: string): boolean => url === 'node:inspector' || url.startsWith('node:internal/inspector');

/**
 * Bytes by place, as it was written. Inside Node's own code, and in that which measures, they count for the nearest caller
 * outside of it; what is allocated there without such a caller is no finding.
 */
function siteFinder(): (profile: HeapProfile) => Map<string, Site> {
  const [placed, isOwn] = [sourcePlaces(), ownCode()];
  const siteOf = ({ functionName: fn, url, lineNumber, columnNumber }: CallFrame): Site => ({
    fn,
    place: placed({ url, line: lineNumber + 1, column: columnNumber + 1 }),
    bytes: 0,
  });
  return ({ head }) => {
    const sites = new Map<string, Site>();
    const stack: Step[] = [{ node: head, caller: undefined, within: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { node, caller, within } = next;
      const { url } = node.callFrame;
      if (isOfLook(url)) continue;
      const isNode = url === '' || url.startsWith('node:');
      const site = siteOf(node.callFrame);
      const isMeasuring = !isNode && isOwn(site.place.url);
      const step = { caller: isNode || isMeasuring ? caller : site, within: within || isMeasuring };
      for (const child of node.children) stack.push({ node: child, ...step });
      const told = step.caller ?? (url === '' || step.within ? undefined : site);
      if (node.selfSize > 0 && told !== undefined) add(sites, told, node.selfSize);
    }
    return sites;
  };
}

function add(sites: Map<string, Site>, site: Site, bytes: number): void {
  const key = `${site.place.url}:${site.place.line}:${site.place.column}`;
  const known = sites.get(key) ?? { ...site, bytes: 0 };
  known.bytes += bytes;
  sites.set(key, known);
}

function growthOf(before: Map<string, Site>, after: Map<string, Site>, iterations: number): AllocationSite[] {
  return [...after]
    .map(([key, site]) => ({ ...site, bytes: site.bytes - (before.get(key)?.bytes ?? 0) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ fn, bytes, place }) => ({ fn, ...place, bytesPerIteration: bytes / iterations }));
}
