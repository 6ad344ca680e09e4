import type { Place } from './place.ts';

/** A time of a file in milliseconds since 1970: a number of them or ISO 8601, where no zone means UTC. */
export function timeOf(place: Place): number | undefined {
  if (!place.present) return undefined;
  if (typeof place.value === 'number') return place.amount();
  const text = place.text();
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes('T') ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? place.refuse('a time such as 2025-01-02T03:04:05Z') : time;
}
