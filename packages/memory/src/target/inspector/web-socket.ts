import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/** A connection on which each side sends texts (RFC 6455). Node 20 has no client of its own. */
export interface WebSocketClient {
  send(text: string): void;
  /** Called for each whole text; set it before anything is sent. */
  onText: (text: string) => void;
  /** Settles when the connection is over, from whichever side. */
  readonly closed: Promise<void>;
  close(): void;
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const connectMs = 5000;

/** Only `ws:` to this machine is meant. @throws Error with the reason when the other side does not agree. */
export function openWebSocket(url: string): Promise<WebSocketClient> {
  const { hostname, port, pathname } = new URL(url);
  const key = randomBytes(16).toString('base64');
  const accepted = createHash('sha1').update(`${key}${guid}`).digest('base64');
  return new Promise((resolve, reject) => {
    const asked = request({
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: pathname,
      timeout: connectMs,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': key,
        'Sec-WebSocket-Version': '13',
      },
    });
    asked.once('error', reject);
    asked.once('timeout', () => asked.destroy(new Error(`no answer from ${url} within ${connectMs / 1000} s`)));
    asked.once('response', ({ statusCode }) => asked.destroy(new Error(`${url} answered with status ${statusCode}`)));
    asked.once('upgrade', ({ headers }, socket: Socket, head) => {
      if (headers['sec-websocket-accept'] !== accepted) {
        socket.destroy();
        reject(new Error(`${url} is no WebSocket`));
        return;
      }
      socket.setTimeout(0);
      socket.setNoDelay(true);
      resolve(clientOn(socket, head));
    });
    asked.end();
  });
}

const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

function clientOn(socket: Socket, head: Buffer): WebSocketClient {
  let parts: Buffer[] = [];
  const client: WebSocketClient = {
    send: (text) => void socket.write(frame(opcodes.text, Buffer.from(text))),
    onText: () => undefined,
    closed: new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.on('error', () => undefined);
    }),
    close: () => {
      socket.end(frame(opcodes.close, Buffer.alloc(0)));
      // The other side may never answer.
      setTimeout(() => socket.destroy(), 500).unref();
    },
  };
  const read = createFrameReader(({ opcode, isLast, payload }) => {
    if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload));
    if (opcode === opcodes.close) socket.end();
    if (opcode !== opcodes.text && opcode !== opcodes.continuation) return;
    parts.push(payload);
    if (!isLast) return;
    const text = Buffer.concat(parts).toString('utf8');
    parts = [];
    client.onText(text);
  });
  socket.on('data', read);
  if (head.length > 0) setImmediate(() => read(head));
  return client;
}

/** A frame of a client: whole, and masked as the protocol demands. */
export function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = Buffer.alloc(2 + extra + 4);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) header.writeUInt16BE(length, 2);
  if (extra === 8) header.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomBytes(4);
  mask.copy(header, 2 + extra);
  return Buffer.concat([header, payload.map((byte, i) => byte ^ mask[i & 3]!)]);
}

export interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly payload: Buffer;
}

/** Takes the bytes of a server as they come, and calls for each whole frame. */
export function createFrameReader(use: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  // Joining at every chunk would copy a long frame once for each of its chunks.
  let needed = 2;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < needed) return;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (;;) {
      const end = frameEnd(rest);
      needed = Math.max(end.end, 2);
      if (rest.length < needed || !end.isKnown) break;
      use({ opcode: rest[0]! & 15, isLast: (rest[0]! & 0x80) !== 0, payload: rest.subarray(end.start, end.end) });
      rest = rest.subarray(end.end);
    }
    chunks = [rest];
    size = rest.length;
  };
}

/** Where a frame's payload starts and ends; `end` is what is needed to know more, as long as it is not known. */
function frameEnd(bytes: Buffer): { readonly start: number; readonly end: number; readonly isKnown: boolean } {
  if (bytes.length < 2) return { start: 2, end: 2, isKnown: false };
  const short = bytes[1]! & 127;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return { start, end: start, isKnown: false };
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { start, end: start + length, isKnown: true };
}
