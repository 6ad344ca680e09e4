import type { LoadRequest } from '../load-options.ts';
import { prepareRequest } from '../prepared-request.ts';
import type { RequestSource } from './request-source.ts';
import type { Rows } from './rows.ts';

/** What a request is made of. */
export interface TemplateCall<Row = unknown, Parameters = object> {
  /** How manieth request it is, warm-up included, from 0 on. */
  readonly index: number;
  /** Who sends it: clients are numbered from 0 on; at a rate the smallest number that is free. */
  readonly client: number;
  /** The row of `data` for this request; `undefined` without data. */
  readonly row: Row;
  /** Those of `over` that this benchmark is made for; empty without. */
  readonly parameters: Parameters;
}

/** Makes each request anew. */
export type RequestTemplate<Row = unknown, Parameters = object> = (
  call: TemplateCall<Row, Parameters>,
) => Omit<LoadRequest, 'name' | 'weight'>;

/** Requests that are made when they are sent, which takes some microseconds of the generator each. */
export const templateOf = (template: RequestTemplate<never, never>, rows: Rows, parameters: object): RequestSource => ({
  endpointOf: () => -1,
  requestOf: (index, client) => {
    const call: TemplateCall = { index, client, row: rows.at(index), parameters };
    return prepareRequest((template as RequestTemplate)(call));
  },
});
