/** The codes of errors after which nobody knows whether the request was carried out: it may have been under way. */
const uncertainCodes = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
]);
const uncertainNames = new Set(['TimeoutError', 'AbortError']);

/**
 * Connection exceptions of PostgreSQL that come before a statement was carried out, and errors that ask to try again:
 * serialisation failures and deadlocks.
 */
const refusedForNow = new Set([
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'EAI_AGAIN',
  '40001',
  '40P01',
  '57P03',
  '53300',
]);

const deepestCause = 5;

/** An error and its causes: `fetch failed` says why only there. */
function* causesOf(error: unknown): Generator<{ readonly code?: unknown; readonly name?: unknown }> {
  let current = error;
  for (let depth = 0; depth < deepestCause && typeof current === 'object' && current !== null; depth++) {
    yield current;
    current = (current as { cause?: unknown }).cause;
  }
}

const codeOf = ({ code }: { readonly code?: unknown }): string => (typeof code === 'string' ? code : '');

/**
 * Whether an error leaves open if the operation took effect: the connection broke, or no answer came in time. The
 * default of `unknownWhen`.
 */
export function isUncertain(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    if (uncertainCodes.has(codeOf(cause)) || uncertainNames.has(String(cause.name))) return true;
  }
  return false;
}

/** Whether an error is gone the next time, perhaps. The default of `retryWhen`. */
export function isTransient(error: unknown): boolean {
  if (isUncertain(error)) return true;
  for (const cause of causesOf(error)) {
    if (refusedForNow.has(codeOf(cause))) return true;
  }
  return false;
}
