import type { Finding, FindingStatus } from '@perfkeel/core';

/** A finding; advice is for what is not `ok`. */
export const makeFinding = (
  id: string,
  title: string,
  status: FindingStatus,
  value: string,
  advice: string,
): Finding => ({ id, title, status, value, ...(status === 'ok' ? {} : { advice }) });

/** From which value on something is worth a note, and from which it spoils times. Bad news is upwards. */
export interface Limits {
  readonly note: number;
  readonly unfit: number;
}

export const statusOf = (value: number, { note, unfit }: Limits): FindingStatus =>
  value > unfit ? 'unfit' : value > note ? 'note' : 'ok';
