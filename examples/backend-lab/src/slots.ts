/** A fixed number of places; who finds none waits in line. */
export interface Slots {
  use<T>(work: () => Promise<T>): Promise<T>;
  readonly busy: number;
  readonly waiting: number;
}

/** With a fixed time for each piece of work the capacity is known: 4 slots of 20 ms are 200 a second. */
export function createSlots(count: number): Slots {
  const line: (() => void)[] = [];
  let [busy, head] = [0, 0];

  const enter = async (): Promise<void> => {
    if (busy < count) busy++;
    else await new Promise<void>((resolve) => line.push(resolve));
  };
  const leave = (): void => {
    const next = line[head];
    if (next === undefined) {
      busy--;
      return;
    }
    // A place is handed on, so that nobody who comes later takes it.
    head++;
    if (head > 1000 || head === line.length) {
      line.splice(0, head);
      head = 0;
    }
    next();
  };

  return {
    async use(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    get busy() {
      return busy;
    },
    get waiting() {
      return line.length - head;
    },
  };
}
