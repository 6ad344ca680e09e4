/** Hands events to any number of readers, each of which sees what comes from its begin on. */
export class EventStream<Event> {
  readonly #readers = new Set<(event: Event | undefined) => void>();
  #isOver = false;

  push(event: Event): void {
    for (const reader of this.#readers) reader(event);
  }

  end(): void {
    this.#isOver = true;
    for (const reader of this.#readers) reader(undefined);
  }

  /** Listens from the call on, not from the first step: nothing in between is lost. */
  iterate(): AsyncIterable<Event> {
    const queue: Event[] = [];
    let over = this.#isOver;
    let wake = (): void => undefined;
    const reader = (event: Event | undefined): void => {
      if (event === undefined) over = true;
      else queue.push(event);
      wake();
    };
    this.#readers.add(reader);
    const release = (): boolean => this.#readers.delete(reader);
    return {
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            while (queue.length > 0) yield queue.shift()!;
            if (over) return;
            await new Promise<void>((resolve) => (wake = resolve));
          }
        } finally {
          release();
        }
      },
    };
  }
}
