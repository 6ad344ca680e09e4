import { target } from 'perfkeel';

/** `NFR=full` measures as long as the requirements say; otherwise everything together takes half a minute. */
export const full = process.env['NFR'] === 'full';

/**
 * The built server with a database of its own, started before each round and ended with it. What it finds to start is
 * told in README.md; the switches of `src/api/options.ts` go into its environment.
 */
export const api = (env: Readonly<Record<string, string>> = {}) =>
  target({
    command: ['node', 'dist/server.js'],
    ready: /listening on (?<url>\S+)/,
    env,
    // The very first start makes an empty cluster, which takes seconds.
    startTimeout: '60s',
    // A database that is being started has to be there before it can be ended.
    stopTimeout: '15s',
  });
