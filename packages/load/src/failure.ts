/**
 * Why a request failed. One request has one kind.
 *
 * - `connect_refused`: nothing listens there
 * - `dns`: the name has no address
 * - `reset`: the peer reset the connection
 * - `closed_early`: the peer closed the connection before the answer was complete
 * - `timeout`: no complete answer within the timeout; its time is known only as "at least"
 * - `parse`: the answer is not HTTP
 * - `status`: a complete answer with another status than expected
 * - `other`: everything else, such as a failed TLS handshake
 */
export const failureKinds = [
  'connect_refused',
  'dns',
  'reset',
  'closed_early',
  'timeout',
  'parse',
  'status',
  'other',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** A failure as it is counted: its kind, and what the system said. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
}

/** Node words a connection that ended in good order, but too early, as a reset with one of these messages. */
const endedInOrder = new Set(['socket hang up', 'aborted']);

function kindOf(code: string, message: string): FailureKind {
  if (code === 'ECONNREFUSED') return 'connect_refused';
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
  if (code === 'ECONNRESET') return endedInOrder.has(message) ? 'closed_early' : 'reset';
  if (code === 'EPIPE') return 'reset';
  if (code.startsWith('HPE_')) return 'parse';
  return 'other';
}

/** Puts an error of a socket or of `node:http` into its class. */
export function classifyError(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const codeText = typeof code === 'string' ? code : '';
  // An AggregateError (several addresses, none of which answered) has a code and an empty message.
  const text = typeof message === 'string' && message !== '' ? message : codeText || String(error);
  return { kind: kindOf(codeText, text), message: text };
}

/** Failures that say that this machine, not the target, ran out of something: files, ports or buffers. */
export const isLocalExhaustion = (message: string): boolean =>
  /\b(EMFILE|ENFILE|EADDRNOTAVAIL|ENOBUFS)\b/.test(message);
