/** How reservations are made: right, or with the race that is easily written. */
export type ReserveMode = 'serializable' | 'broken';

/** How the API behaves. The switches from `slowQueryMs` on are faults for whoever wants to find them. */
export interface ApiOptions {
  /** Where it listens; 0 takes any that is free. */
  readonly port: number;
  readonly reserveMode: ReserveMode;
  /** Whether a request may ask for the broken mode by itself, as the control of the concurrency benchmark does. */
  readonly allowBroken: boolean;
  /** Connections that are kept. */
  readonly poolSize: number;
  /** Connections beyond those, closed as soon as they are idle. */
  readonly poolOverflow: number;
  readonly cache: boolean;
  /** Added to every query, or to one of so many. */
  readonly slowQueryMs: number;
  readonly slowQueryEach: number;
  /** So long after its first query the database is away, and so long it stays away: queries fail at once. */
  readonly awayAfterMs: number;
  readonly awayForMs: number;
  /** How long each request holds up the event loop. */
  readonly blockLoopMs: number;
  /** Objects that each request makes for the garbage collector. */
  readonly garbageObjects: number;
}

function whole(env: NodeJS.ProcessEnv, name: string, unless: number, [least, most] = [0, 1_000_000]): number {
  const text = env[name];
  if (text === undefined || text === '') return unless;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is ${JSON.stringify(text)}, expected a whole number from ${least} to ${most}`);
}

function oneOf<Word extends string>(env: NodeJS.ProcessEnv, name: string, words: readonly [Word, ...Word[]]): Word {
  const text = env[name] ?? '';
  if (text === '') return words[0];
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw new RangeError(`${name} is ${JSON.stringify(text)}, expected ${words.join(' or ')}`);
}

/** Reads the options of a start from its environment. @throws RangeError that names the variable. */
export function readOptions(env: NodeJS.ProcessEnv): ApiOptions {
  const poolSize = whole(env, 'POOL_SIZE', 20, [1, 1000]);
  return {
    port: whole(env, 'PORT', 0, [0, 65_535]),
    reserveMode: oneOf(env, 'RESERVE_MODE', ['serializable', 'broken']),
    allowBroken: oneOf(env, 'ALLOW_BROKEN', ['no', 'yes']) === 'yes',
    poolSize,
    // Who asks for a small pool wants a small pool.
    poolOverflow: whole(env, 'POOL_OVERFLOW', env['POOL_SIZE'] ? 0 : 10),
    cache: oneOf(env, 'CACHE', ['on', 'off']) === 'on',
    slowQueryMs: whole(env, 'SLOW_QUERY_MS', 0),
    slowQueryEach: whole(env, 'SLOW_QUERY_EACH', 1, [1, 1_000_000]),
    awayAfterMs: whole(env, 'AWAY_AFTER_MS', 0),
    awayForMs: whole(env, 'AWAY_FOR_MS', 0),
    blockLoopMs: whole(env, 'BLOCK_LOOP_MS', 0),
    garbageObjects: whole(env, 'GARBAGE_OBJECTS', 0),
  };
}
