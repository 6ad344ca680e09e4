/**
 * What may no longer be concluded from numbers that carry a warning.
 *
 * - `fail`: something made them worse than the code is. A promise that is kept all the same is kept.
 * - `verdict`: they are not numbers of what was meant to be measured. Nothing follows from them.
 */
export const bans = ['fail', 'verdict'] as const;
export type Ban = (typeof bans)[number];

/** A remark about a measurement that does not stop it: `code` is stable, `message` is for people. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly forbids?: Ban | undefined;
  /** What may be done about it, the most promising first; each is a sentence. */
  readonly remedies?: readonly string[] | undefined;
}
