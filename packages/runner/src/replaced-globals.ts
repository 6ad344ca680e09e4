type Methods<Name extends string> = Readonly<Record<Name, unknown>> | undefined;

/** Anything may stand there by now. */
interface Globals {
  readonly performance: Methods<'now'>;
  readonly Date: Methods<'now'>;
  readonly process: Methods<'hrtime' | 'nextTick'>;
  readonly setTimeout: unknown;
  readonly setInterval: unknown;
  readonly setImmediate: unknown;
  readonly queueMicrotask: unknown;
}

/** What fake timers replace, by the name that a user knows. */
function readGlobals(): ReadonlyMap<string, unknown> {
  const { performance, Date, process, setTimeout, setInterval, setImmediate, queueMicrotask } = globalThis as Globals;
  return new Map<string, unknown>([
    ['performance', performance],
    ['performance.now', performance?.now],
    ['Date', Date],
    ['Date.now', Date?.now],
    ['process.hrtime', process?.hrtime],
    ['process.nextTick', process?.nextTick],
    ...Object.entries({ setTimeout, setInterval, setImmediate, queueMicrotask }),
  ]);
}

/**
 * Begins to look whether code replaces what tells time in its process, and leaves it so. The clocks of instruments are
 * held from before; what else they wait with may not be.
 *
 * @returns a function that gives the names of what is not as it was, in a fixed order
 */
export function watchGlobals(): () => readonly string[] {
  const before = readGlobals();
  return () => {
    const now = readGlobals();
    return [...before].flatMap(([name, value]) => (now.get(name) === value ? [] : [name]));
  };
}

export const replacedText = (names: readonly string[]): string =>
  `its code replaced ${names.join(', ')} and left ${names.length === 1 ? 'it' : 'them'} so: times are of the real ` +
  'clock, but whatever waits in this process may not be; put back what fake timers replace';
