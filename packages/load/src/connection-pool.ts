import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Connections that may be in the making at the same time; open ones have no limit. Without this, a generator that has
 * fallen behind opens one connection for each request it owes, is slowed down by that, owes more, and never recovers.
 */
const mostOpening = 64;

/** Kept-alive connections, and how many of them are only being opened. */
export interface ConnectionPool {
  readonly agent: http.Agent;
  /** Whether a request could be sent on an idle connection, or may open one. */
  hasRoom(): boolean;
}

/** `onOpened` is called whenever a connection has been opened, or could not be. */
export function createConnectionPool(secure: boolean, onOpened: () => void): ConnectionPool {
  const { Agent } = secure ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity });
  let opening = 0;
  const open = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = open(options, callback);
    opening += 1;
    onceOpened(socket as Socket, secure, () => {
      opening -= 1;
      onOpened();
    });
    return socket;
  };
  return { agent, hasRoom: () => opening < mostOpening || hasIdle(agent) };
}

function onceOpened(socket: Duplex, secure: boolean, then: () => void): void {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    then();
  };
  socket.once(secure ? 'secureConnect' : 'connect', tell);
  socket.once('close', tell);
}

function hasIdle({ freeSockets }: http.Agent): boolean {
  for (const name in freeSockets) if ((freeSockets[name]?.length ?? 0) > 0) return true;
  return false;
}
