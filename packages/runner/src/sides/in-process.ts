/** Kinds whose instruments call what is in the bundle and nothing else. */
export const callsBundle: ReadonlySet<string> = new Set(['bench', 'latency', 'leak', 'property', 'quality']);

/** Code that may start other code than what is in its bundle. */
export const startsOthers = /child_process|worker_threads|node:cluster|new Worker\(/;
