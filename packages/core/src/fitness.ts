/** `ok` measures well, `note` is worth knowing, `unfit` makes differences invisible or times wrong here. */
export const findingStatuses = ['ok', 'note', 'unfit'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

/** One thing that was looked at on a machine. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly status: FindingStatus;
  readonly value: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** Whether a machine was fit to measure when a run began. */
export interface Fitness {
  /** False when any finding is `unfit`. */
  readonly fit: boolean;
  /** The smallest change between two measurements of some rounds that this machine can show now, as a ratio. */
  readonly smallestChange?: number | undefined;
  readonly findings: readonly Finding[];
}
