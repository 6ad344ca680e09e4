/** Node packs the failures of several addresses of one host into an error without words of its own. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
};

/** Never the whole url: it may hold a password, and what is said ends in logs. */
function hostOf(url: string): string {
  // "localhost:6379" parses too, as the scheme "localhost:" without a host.
  const host = URL.canParse(url) ? new URL(url).host : '';
  return host === '' ? 'something that is no url' : host;
}

/** The words for a service that somebody has named, and that cannot be used. */
export const unreachable = (variable: 'DATABASE_URL' | 'REDIS_URL', url: string, error: unknown): Error =>
  new Error(
    `${variable} leads to ${hostOf(url)}, which cannot be used: ${reasonOf(error)}. ` +
      'Correct it, or leave it out: then one is started',
    { cause: error },
  );
