import { target } from 'perfkeel';

/** The built server with its behaviour as flags: `lab('--workers', '4', '--delay', '20')`. */
export const lab = (...flags: readonly string[]) =>
  target({ command: ['node', 'dist/server.js', ...flags], ready: /listening on (?<url>\S+)/ });

/** What a number of slots can do at most: 4 workers of 20 ms each do 200 pieces of work a second. */
export const mostPerSecond = (slots: number, ms: number): number => (slots * 1000) / ms;
