import { writeHeapSnapshot } from 'node:v8';

/** A process whose heap can be written down: this one, a child, one that is attached to. */
export interface SnapshotSource {
  /** Whose memory a snapshot takes. @default this process */
  readonly pid?: number | undefined;
  /** Writes a snapshot, not compressed, to a file of the machine on which this process runs. */
  writeSnapshot(file: string): Promise<void>;
  /** Bytes in use on its heap, to judge what a snapshot will need. */
  heapUsed(): Promise<number>;
}

/** This process. It stands still while its snapshot is made. */
export const ownProcess: SnapshotSource = {
  writeSnapshot: async (file) => {
    await Promise.resolve();
    writeHeapSnapshot(file);
  },
  heapUsed: () => Promise.resolve(process.memoryUsage().heapUsed),
};
