/**
 * What another attempt promises after a failure:
 *
 * - `good`: what stood in the way passes by itself, such as a port that is taken or a network that is down
 * - `none`: it will fail in the same way, such as a program that is not there
 * - `unknown`: its words do not tell
 */
export type Prospect = 'good' | 'unknown' | 'none';

/** Codes of systems, of package managers and of PostgreSQL, and how git and npm word the same. */
const passing = [
  /\b(EADDRINUSE|ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETXTBSY|ERR_SOCKET_TIMEOUT|57P03)\b/,
  /\b(address already in use|connection (was )?(reset|refused|timed out)|operation timed out|socket hang up|network timeout|network is unreachable|temporary failure|could not resolve host|the remote end hung up|early EOF|RPC failed|database system is starting up|too many requests|service unavailable|bad gateway|gateway time-?out)\b/i,
  /\bE(429|500|502|503|504)\b|returned error: (429|5\d\d)\b|answered (429|50[0234])\b/,
  /\b(index|HEAD|config|packed-refs|shallow)\.lock': File exists/,
];

const lasting = [
  /\b(SyntaxError|ReferenceError|MODULE_NOT_FOUND|ERR_MODULE_NOT_FOUND|ERR_UNKNOWN_FILE_EXTENSION|ERR_PACKAGE_PATH_NOT_EXPORTED)\b/,
  /\bcould not be started: .*\b(ENOENT|EACCES|ENOEXEC|ENOTDIR|EPERM)\b|: command not found\b|\bbad option: /,
];

/** Reads it out of what a program or a system said. What passes wins: its trace may name anything. */
export function prospectOf(said: string): Prospect {
  if (passing.some((pattern) => pattern.test(said))) return 'good';
  return lasting.some((pattern) => pattern.test(said)) ? 'none' : 'unknown';
}

/** The line that gives hope; `undefined` when there is none. */
export const hopefulLine = (said: string): string | undefined =>
  said
    .split('\n')
    .find((line) => passing.some((pattern) => pattern.test(line)))
    ?.replace(/^[\s|]+/, '')
    .trim();
