import type { PreparedRequest } from '../prepared-request.ts';

/** Which request each piece of work is. */
export interface RequestSource {
  /** The place of its name among the endpoints; -1 without one. */
  endpointOf(index: number): number;
  /** May throw what a user's own function throws. */
  requestOf(index: number, client: number): PreparedRequest;
}

/** A cycle that repeats. */
export const cycleOf = (requests: readonly PreparedRequest[], endpoints: readonly number[]): RequestSource => ({
  endpointOf: (index) => endpoints[index % endpoints.length]!,
  requestOf: (index) => requests[index % requests.length]!,
});
