/** A remark about a measurement that does not stop it: `code` is stable, `message` is for people. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}
