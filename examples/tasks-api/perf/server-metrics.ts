/** What the server says of itself at one moment: a number for each name, with its labels as they are written there. */
export type Told = (name: string) => number;

/**
 * Reads `/metrics`.
 *
 * @throws Error for a name that the server does not tell
 */
export async function readMetrics(url: string, signal?: AbortSignal): Promise<Told> {
  const response = await fetch(`${url}/metrics`, signal === undefined ? {} : { signal });
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const values = new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
  return (name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${url}/metrics does not tell ${name}`);
    return value;
  };
}

/** What has happened between two moments: counters only grow. */
export const between =
  (before: Told, after: Told): Told =>
  (name) =>
    after(name) - before(name);
