import * as net from 'node:net';
import * as tls from 'node:tls';
import type { HttpDriverOptions, TlsOptions } from '../driver.ts';
import { cachedLookup } from './name-lookup.ts';

/** Takes what has been read, from the start of the shared buffer. */
export type OnRead = (count: number) => void;

/** Opens sockets to one target; all read into one buffer, since each read is dealt with before the next begins. */
export interface SocketOpener {
  readonly buffer: Buffer;
  readonly secure: boolean;
  open(onRead: OnRead): net.Socket;
}

/** As much as a system call returns at most: larger pieces mean fewer calls for large bodies. */
const bufferBytes = 256 * 1024;

export function socketOpener({ url, socketPath, tls: trust = {} }: HttpDriverOptions): SocketOpener {
  const buffer = Buffer.allocUnsafeSlow(bufferBytes);
  const secure = url.protocol === 'https:';
  // A URL writes an IPv6 address in brackets, a socket wants it without.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const common = {
    ...(socketPath === undefined ? { host, port } : { path: socketPath }),
    lookup: cachedLookup(),
    // What the peer does after it has ended its side still says something: see `Connection`.
    allowHalfOpen: true,
    noDelay: true,
  };
  const security = secure ? securityOf(host, trust) : {};
  return {
    buffer,
    secure,
    open(onRead) {
      // The types leave out that `tls.connect` hands `onread` and all options of a socket on.
      const onread = {
        buffer,
        callback: (count: number) => {
          onRead(count);
          return true;
        },
      };
      return secure ? tls.connect({ ...common, ...security, onread } as object) : net.connect({ ...common, onread });
    },
  };
}

/** Made once: reading certificates takes longer than a handshake. */
function securityOf(host: string, { ca, rejectUnauthorized = true, servername }: TlsOptions): tls.ConnectionOptions {
  const name = servername ?? (net.isIP(host) === 0 ? host : '');
  const secureContext = tls.createSecureContext(ca === undefined ? {} : { ca: ca as string | Buffer });
  return { host, servername: name, secureContext, rejectUnauthorized, ALPNProtocols: ['http/1.1'] };
}
