/** Does pieces of work, numbered from 0 on, by so many clients: each takes the next one when it has done one. */
export async function byClients(
  clients: number,
  pieces: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < pieces) await work(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
}
