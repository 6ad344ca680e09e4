import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Query } from './database.ts';
import { BadRequest } from './http-error.ts';
import type { ReserveMode } from './options.ts';

/** A range of ids that belongs to whoever asked. Both ends are included. */
export interface Reservation {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  /** Who asked, by its own number. */
  readonly by: number;
  /** What the database says of the transaction that made it. */
  readonly isolation: string;
}

export interface Reserved extends Reservation {
  /** How many transactions it took. */
  readonly attempts: number;
}

export interface Wanted {
  readonly type: string;
  readonly count: number;
  readonly by: number;
}

/**
 * How a transaction begins. The lock is taken before anything is read, so that the snapshot is made when the
 * transactions before it are over: without it, fifty at once need up to 16 attempts each. With it about one of 7000
 * needs a second: PostgreSQL lets go of a lock a moment before it notes, for its own checks, that the transaction is
 * over, and who gets the lock within that moment counts as concurrent.
 */
const begins: Record<ReserveMode, string> = {
  serializable: 'begin isolation level serializable; lock table id_counters in exclusive mode',
  broken: 'begin isolation level read committed',
};

/** Reads the counter, writes it back higher, and registers the range. Only its transaction makes it right. */
async function reserveIn(query: Query, { type, count, by }: Wanted): Promise<Reservation> {
  const [counter] = await query<{ next_id: string }>(
    'read-counter',
    'select next_id from id_counters where artifact_type = $1',
    [type],
  );
  if (counter === undefined) throw new BadRequest(`there are no ids of type ${JSON.stringify(type)}`);
  const from = Number(counter.next_id);
  const to = from + count - 1;
  await query('write-counter', 'update id_counters set next_id = $2 where artifact_type = $1', [type, to + 1]);
  const [kept] = await query<{ isolation: string }>(
    'register',
    'insert into id_registry (artifact_type, first_id, last_id, requested_by) values ($1, $2, $3, $4) returning isolation',
    [type, from, to, by],
  );
  return { type, from, to, by, isolation: kept!.isolation };
}

async function inTransaction(database: Database, mode: ReserveMode, wanted: Wanted): Promise<Reservation> {
  return database.use(async (query) => {
    await query('begin', begins[mode]);
    try {
      const reservation = await reserveIn(query, wanted);
      await query('commit', 'commit');
      return reservation;
    } catch (error) {
      await query('rollback', 'rollback').catch(() => undefined);
      throw error;
    }
  });
}

/** Serialisation failures and deadlocks: nothing was done, and the next attempt may go well. */
const isPassing = (error: unknown): boolean => ['40001', '40P01'].includes(String((error as { code?: unknown }).code));

const mostAttempts = 30;
const longestPauseMs = 200;

/**
 * Reserves a range of ids. What PostgreSQL asks to try again is tried again, at most 30 times, after pauses of random
 * length up to 200 ms.
 *
 * @throws BadRequest for a type that does not exist.
 */
export async function reserve(
  database: Database,
  mode: ReserveMode,
  wanted: Wanted,
  onRetry: () => void,
): Promise<Reserved> {
  for (let attempts = 1; ; attempts++) {
    try {
      return { ...(await inTransaction(database, mode, wanted)), attempts };
    } catch (error) {
      if (!isPassing(error) || attempts === mostAttempts) throw error;
      onRetry();
      await sleep(Math.random() * Math.min(longestPauseMs, 2 ** attempts));
    }
  }
}

/** The ranges of a type that were reserved since the start, oldest first: what the database holds. */
export async function listReservations({ query }: Database, type: string): Promise<Reservation[]> {
  const rows = await query<{ first_id: string; last_id: string; requested_by: number; isolation: string }>(
    'list-reservations',
    'select first_id, last_id, requested_by, isolation from id_registry where artifact_type = $1 and requested_by is not null order by id',
    [type],
  );
  return rows.map(({ first_id, last_id, requested_by, isolation }) => ({
    ...{ type, from: Number(first_id), to: Number(last_id), by: requested_by, isolation },
  }));
}
