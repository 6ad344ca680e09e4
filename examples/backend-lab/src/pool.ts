import { connect, type Socket } from 'node:net';
import { createSlots } from './slots.ts';

/** Connections to the database, opened when they are first needed and kept. */
export interface Pool {
  query(ms: number): Promise<void>;
  close(): void;
}

function ask(socket: Socket, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('the connection to the database was lost'));
    socket.once('close', lost);
    socket.once('data', () => {
      socket.off('close', lost);
      resolve();
    });
    // Written as soon as it is connected.
    socket.write(`${ms}\n`);
  });
}

export function createPool(port: number, size: number): Pool {
  const slots = createSlots(size);
  const idle: Socket[] = [];
  const open = new Set<Socket>();

  const connectOne = (): Socket => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
    return socket;
  };

  return {
    query: (ms) =>
      slots.use(async () => {
        const kept = idle.pop();
        const socket = kept === undefined || kept.destroyed ? connectOne() : kept;
        await ask(socket, ms);
        idle.push(socket);
      }),
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}
