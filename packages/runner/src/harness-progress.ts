/** Each text is a message, which costs the measured process time: at most four a second. */
const betweenMs = 250;

/** Taken before the user's code is read: that may replace them, as fake timers do. */
const real = { now: performance.now.bind(performance), later: setTimeout, cancel: clearTimeout };

export interface HarnessProgress {
  readonly tell: (text: string) => void;
  /** Nothing is told from now on. */
  readonly end: () => void;
}

/**
 * Passes on what a round says of itself, four times a second at most. Of texts that come too soon the last one is told
 * when it is time, so that what is shown is not older than what was said. The timer for it keeps nothing alive.
 */
export function throttledProgress(emit: (text: string) => void, { now, later, cancel } = real): HarnessProgress {
  let due = -Infinity;
  let held: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const forget = (): void => {
    cancel(timer);
    timer = held = undefined;
  };
  const tellLate = (): void => {
    const text = held!;
    forget();
    // From when it was due: what follows a step that blocked the process need not wait once more.
    due += betweenMs;
    emit(text);
  };
  const tell = (text: string): void => {
    if (isOver) return;
    const at = now();
    if (at < due) {
      held = text;
      timer ??= later(tellLate, due - at).unref();
      return;
    }
    forget();
    due = at + betweenMs;
    emit(text);
  };
  const end = (): void => {
    isOver = true;
    forget();
  };
  return { tell, end };
}
