import { availableParallelism } from 'node:os';
import { declareFiles, type DeclareOptions } from '../declare-files.ts';
import type { DeclaredFile } from '../plan.ts';

const atOnce = Math.max(1, Math.min(4, availableParallelism()));

/** As `declareFiles`, some files at a time: most of it is waiting for processes. Of several problems, the first file's. */
export const declareEach = async (files: readonly string[], options: DeclareOptions): Promise<DeclaredFile[]> =>
  (await mapSome(files, (file) => declareFiles([file], options))).flat();

/** Works on some items at a time, and gives results in their order. Waits for all; throws what the first one threw. */
export async function mapSome<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const settled: PromiseSettledResult<Result>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const [one] = await Promise.allSettled([work(items[i]!)]);
      settled[i] = one;
      if (one.status === 'rejected') next = items.length;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
