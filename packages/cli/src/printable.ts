import { oneLine, type Io } from './io.ts';

/** Whether what is printed is looked at by something that obeys it: a terminal, or a log that is searched for commands. */
export const isObeyed = ({ stdout, env }: Pick<Io, 'stdout' | 'env'>): boolean =>
  stdout.isTTY === true || env['GITHUB_ACTIONS'] === 'true';

/** The same data with every text on one line, and without characters that would command a terminal. */
export function printable<T>(value: T): T {
  if (typeof value === 'string') return oneLine(value) as T;
  if (Array.isArray(value)) return (typeof value[0] === 'number' ? value : value.map(printable)) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, printable(each)])) as T;
}
