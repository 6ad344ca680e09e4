/**
 * What every store of records must be able to do, and nothing more. Records are immutable: a key is written once, and
 * whoever comes second learns that it exists.
 */
export interface ObjectLog {
  /**
   * Makes a record durable under its key, wholly or not at all.
   *
   * @returns `exists`, and changes nothing, when the key is taken
   * @throws PerfError `bad-key`, or `store-not-writable` (exit code 4)
   */
  put(key: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  /**
   * @returns `undefined` when there is no record under the key
   * @throws PerfError `bad-key`, or `store-not-readable` (exit code 4)
   */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Everything whose key begins with the prefix, in ascending order; also what somebody else put there under a name
   * that is not a key.
   *
   * @param prefix empty, or whole names: `objects/`
   */
  list(prefix: string): Promise<readonly string[]>;
  /**
   * Takes something that `list` named out of the way, without deleting it.
   *
   * @returns where it is now, for people; `undefined` when it had gone already
   */
  setAside(key: string): Promise<string | undefined>;
  /**
   * Deletes a record for good. Only for retention: whoever calls it has made sure that nothing refers to it.
   *
   * @returns false when there is none under the key
   * @throws PerfError `bad-key`, or `store-not-writable` (exit code 4)
   */
  remove(key: string): Promise<boolean>;
  /** Where a key is, for messages. */
  place(key: string): string;
  /** Folds small things into large ones, where that makes reading faster. @returns how many records it moved */
  compact?(): Promise<number>;
  /** Ends connections, for programs that go on; the process ends without it. */
  close?(): Promise<void>;
}
