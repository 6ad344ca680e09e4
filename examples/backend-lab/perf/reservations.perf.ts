import { concurrency, disjointRanges, exactlyOnce } from 'perfkeel';
import { lab } from './lab.ts';

interface Reservation {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

type Call = { readonly target: { readonly url: string } | undefined; readonly signal: AbortSignal };

async function ask({ target, signal }: Call, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`${target!.url}${path}`, { ...init, signal });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
}

const reserveAt =
  (path: string) =>
  async (call: Call & { readonly index: number }): Promise<Reservation> =>
    (await (await ask(call, path, { method: 'POST', body: String(call.index) })).json()) as Reservation;

// Thirty clients ask for a block of ten numbers at the same moment. Nobody may get what somebody else has, and
// everything that was given out must have been kept, once.
concurrency('reserve blocks of numbers', {
  target: lab(),
  clients: 30,
  bursts: 10,
  rounds: 2,
  prepare: async (place) => void (await ask(place, '/reserved', { method: 'DELETE' })),
  op: reserveAt('/reserve'),
  readBack: async (place) => (await (await ask(place, '/reserved')).json()) as Reservation[],
  invariants: [
    disjointRanges(({ from, to }: Reservation) => [from, to]),
    exactlyOnce({ in: (row) => (row as Reservation).index }),
  ],
  // The same without the lock: when its race is not found, nothing is concluded about the other.
  control: { op: reserveAt('/reserve-without-lock') },
  objectives: ['errors = 0', 'p95 of response-time < 2s'],
});
