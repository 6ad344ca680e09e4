import type { Operation } from '../operation.ts';

/** The call or the return of an operation, in a doubly linked list in the order of time. */
export interface Event {
  readonly operation: Operation;
  /** Position of the operation among those that are searched. */
  readonly slot: number;
  readonly isCall: boolean;
  /** The return of a call; absent where no answer came. */
  match: Event | undefined;
  previous: Event | undefined;
  next: Event | undefined;
}

const event = (operation: Operation, slot: number, isCall: boolean): Event => ({
  operation,
  slot,
  isCall,
  match: undefined,
  previous: undefined,
  next: undefined,
});

const timeOf = ({ operation, isCall }: Event): number => (isCall ? operation.callAt : operation.returnAt);

/** Links calls and returns. At the same time calls come first: what may have overlapped, did. */
export function linkEvents(operations: readonly Operation[]): Event {
  const events = operations.flatMap((operation, slot) => {
    const call = event(operation, slot, true);
    if (operation.outcome !== 'ok') return [call];
    call.match = event(operation, slot, false);
    return [call, call.match];
  });
  events.sort((a, b) => timeOf(a) - timeOf(b) || Number(b.isCall) - Number(a.isCall) || a.slot - b.slot);
  // A head that stands for nothing, so that lifting the first event needs no exception.
  const head = event({ callAt: -Infinity } as Operation, -1, true);
  let last = head;
  for (const next of events) {
    next.previous = last;
    last.next = next;
    last = next;
  }
  return head;
}

function unlink({ previous, next }: Event): void {
  previous!.next = next;
  if (next) next.previous = previous;
}

function relink(event: Event): void {
  event.previous!.next = event;
  if (event.next) event.next.previous = event;
}

/** Takes an operation out of what is still to be ordered. */
export function lift(call: Event): void {
  unlink(call);
  if (call.match) unlink(call.match);
}

/** Puts it back; only in the reverse order of lifting. */
export function unlift(call: Event): void {
  if (call.match) relink(call.match);
  relink(call);
}
