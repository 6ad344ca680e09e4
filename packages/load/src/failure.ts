/**
 * Why a request failed. One request has one kind.
 *
 * Before the request was on its way:
 * - `dns`: the name has no address
 * - `connect_refused`: nothing listens there
 * - `connect_timeout`: no connection within the time for connecting
 * - `tls`: the handshake failed, or the certificate is not trusted
 *
 * - `out_of_ports`: this machine has no local port left for another connection to the target; nothing was sent
 *
 * Without a complete answer:
 * - `reset`: the peer reset the connection
 * - `closed_early`: the peer closed the connection before the answer was complete
 * - `stale_keepalive`: the kept-alive connection was closed before the request arrived; by default such requests are
 *   sent once more instead
 * - `timeout`: no complete answer within the timeout
 * - `headers_timeout`: the head of the answer was not complete within the time for it
 * - `parse`: the answer is not HTTP
 * - `too_large`: a head or a body above its limit
 *
 * With a complete answer:
 * - `status`: another status than expected
 * - `body`: the status, but not the body that was expected
 *
 * - `other`: everything else, such as a machine that has run out of files
 */
export const failureKinds = [
  'connect_refused',
  'dns',
  'connect_timeout',
  'tls',
  'out_of_ports',
  'reset',
  'closed_early',
  'stale_keepalive',
  'timeout',
  'headers_timeout',
  'parse',
  'too_large',
  'status',
  'body',
  'other',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** Failures that a generator without a processor may have caused itself: it had no time to read what was there. */
export const waitingFailures = ['timeout', 'headers_timeout', 'connect_timeout'] as const satisfies FailureKind[];

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
  if (code === 'EADDRNOTAVAIL') return 'out_of_ports';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return 'tls';
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

/** Unix sockets: no such file, no one behind it, or a queue of connections that is full. */
const nobodyAccepts = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN', 'ENOTSOCK']);

/** Puts an error into its class that came before there was a connection; `securing` while TLS was being agreed upon. */
export function classifyConnectError(error: unknown, securing: boolean): Failure {
  const failure = classifyError(error);
  const { code } = error as { code?: unknown };
  if (securing) return { ...failure, kind: 'tls' };
  if (code === 'ETIMEDOUT') return { ...failure, kind: 'connect_timeout' };
  return nobodyAccepts.has(code as string) ? { ...failure, kind: 'connect_refused' } : failure;
}

/** Failures that say that this machine, not the target, ran out of something: files, ports or buffers. */
export const isLocalExhaustion = (message: string): boolean =>
  /\b(EMFILE|ENFILE|EADDRNOTAVAIL|ENOBUFS|ENOMEM)\b/.test(message);
