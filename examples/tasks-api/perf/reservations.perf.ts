import { concurrency, custom, disjointRanges, exactlyOnce } from 'perfkeel';
import { api, full } from './api.ts';

interface Reserved {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly by: number;
  readonly isolation: string;
}

interface Place {
  readonly target: { readonly url: string } | undefined;
  readonly signal: AbortSignal;
}

async function ask({ target, signal }: Place, path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(`${target!.url}${path}`, { ...init, signal });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

const reserve =
  (type: string, query = '') =>
  async (call: Place & { readonly index: number }): Promise<Reserved> =>
    (await ask(call, `/reservations${query}`, {
      method: 'POST',
      body: JSON.stringify({ type, count: 10, by: call.index }),
    })) as Reserved;

const reserved =
  (type: string) =>
  async (place: Place): Promise<Reserved[]> =>
    (await ask(place, `/reservations?type=${type}`)) as Reserved[];

const ranges = disjointRanges(({ from, to }: Reserved) => [from, to]);
const once = exactlyOnce({ in: (row) => (row as Reserved).by });

// The database writes the isolation of its transaction into each row by itself: no program could say it wrongly. Only
// those of the sound kind are looked at, so that the control is caught by its collisions and by nothing else.
const isSerializable = custom<Reserved>('made under SERIALIZABLE', ({ readBack = [] }) => {
  const others = (readBack as readonly Reserved[]).filter(
    ({ type, isolation }) => type === 'US' && isolation !== 'serializable',
  );
  return others.map(
    ({ from, isolation }) => `the database says that the range from ${from} was made under ${isolation}`,
  );
});

// NFR-Performance-05: fifty clients reserve ten ids each, at the same moment.
concurrency('50 reservations at once', {
  target: api({ ALLOW_BROKEN: 'yes' }),
  tags: ['NFR-Performance-05'],
  clients: 50,
  bursts: full ? 15 : 4,
  rounds: full ? 2 : 1,
  op: reserve('US'),
  readBack: reserved('US'),
  invariants: [ranges, once, isSerializable],
  // The same transaction under READ COMMITTED and without its lock: when its collisions are not found, nothing passes.
  control: { op: reserve('CONTROL', '?broken'), readBack: reserved('CONTROL') },
  objectives: full
    ? ['errors = 0', 'p50 of response-time < 5s', 'p95 of response-time < 5s', 'p99 of response-time < 5s']
    : ['errors = 0'],
});

// A server that is broken as a whole, as by a careless change of its isolation. It has to fail; it would be a failure if
// it ever passed.
concurrency('50 reservations at once, broken server', {
  target: api({ RESERVE_MODE: 'broken' }),
  tags: ['NFR-Performance-05'],
  expected: 'fail',
  clients: 50,
  bursts: 2,
  rounds: 1,
  op: reserve('US'),
  invariants: [ranges],
});
