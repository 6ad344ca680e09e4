import type { McpClient } from '../client/mcp-client.ts';
import { requestsOf, type Asked } from './ask-items.ts';

/** Holds what was measured against what was sent: a client that answers from a cache would measure itself. */
export interface Ledger {
  /** Everything that leaves the process while `work` goes on has to be in what it returns. */
  keep<T extends readonly Asked[]>(work: () => Promise<T>): Promise<T>;
  sum(): { readonly measured: number; readonly sent: number };
}

export function createLedger(client: McpClient): Ledger {
  let [measured, sent] = [0, 0];
  const onWire = (): number => {
    const { requests, handshakes, resent, unsent } = client.wire;
    return requests - handshakes - resent + unsent;
  };
  return {
    keep: async (work) => {
      const before = onWire();
      const asked = await work();
      sent += onWire() - before;
      measured += asked.reduce((sum, one) => sum + requestsOf(one), 0);
      return asked;
    },
    sum: () => ({ measured, sent }),
  };
}
