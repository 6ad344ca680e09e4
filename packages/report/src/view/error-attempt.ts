import type { Warning } from '@perfkeel/core';

/** What a status of refusal asks for. */
const byStatus: Readonly<Record<string, string>> = {
  401: 'The target does not know who asks (401): send the header authorization.',
  403: 'The target refuses whoever asks (403): send the headers that it wants.',
  415: "The target wants the type of the body (415): headers: { 'content-type': 'application/json' }.",
  429: 'The target limits the rate (429): send less, or measure it without its rate limit.',
};

/** What to try about failed work, by what instruments said of it. */
export function errorAttempt(warnings: readonly Warning[]): string {
  const [, status = ''] = /\(status (\d{3})\)/.exec(warnings.map(({ message }) => message).join('\n')) ?? [];
  return (
    byStatus[status] ??
    'Read the first message: a wrong status is explained by the log of the target, refused and reset connections are limits of it, timeouts are work that piles up.'
  );
}
