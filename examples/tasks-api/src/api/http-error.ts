/** What a client has done wrong, in words for it. Its status is 400. */
export class BadRequest extends Error {
  readonly status: number = 400;
}

/** There is no such thing. Its status is 404. */
export class NotFound extends BadRequest {
  override readonly status = 404;
}
