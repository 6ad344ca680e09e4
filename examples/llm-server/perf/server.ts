import { target } from 'perfkeel';

const start = (env: Record<string, string>) =>
  target({ command: ['node', 'dist/server.js'], ready: /listening on (?<url>http:\/\/\S+)/, env });

/** The built server, started before each round: no model is loaded before the first request. */
export const assistant = start({});

/** The same with a window so small that it forgets after a few turns, as some servers do by default and without a word. */
export const forgetful = start({ CONTEXT_TOKENS: '256' });

/** Two models, of which the server has room for one at a time. */
export const models = ['prose', 'code'];
