import { ExitCode } from '@perfkeel/core';
import type { Io } from '../io.ts';

/**
 * Ctrl-C for commands that run one after the other: whichever is running hears of it, and one that comes between two of
 * them is not lost. A second one does not wait.
 */
export class Stopping {
  #asked = false;
  #running: (() => void) | undefined;

  constructor(io: Io) {
    io.onSignal(() => {
      if (this.#asked && this.#running === undefined) process.exit(ExitCode.Interrupted);
      this.#asked = true;
      this.#running?.();
    });
  }

  /** Whether somebody asked to stop. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Runs a command in a world in which it alone hears of signals. */
  async during<T>(io: Io, command: (io: Io) => Promise<T>): Promise<T> {
    try {
      return await command({ ...io, onSignal: (listener) => this.#listen(listener) });
    } finally {
      this.#running = undefined;
    }
  }

  #listen(listener: () => void): void {
    this.#running = listener;
    if (this.#asked) listener();
  }
}
