import type { DurationText } from '@perfkeel/core';

/** One request, as a user writes it. */
export interface LatencyRequest {
  /** Starts with a slash; a path in the target's url goes before it. */
  readonly path: string;
  /** @default 'POST' with a body, 'GET' without */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go out as they are; any other object as JSON, with its content type. */
  readonly body?: string | Uint8Array | object;
  /** The status of a good answer. @default any from 200 to 399 */
  readonly expect?: number;
}

/** How the other side of a TLS connection is trusted. */
export interface TlsTrust {
  /** Certificates in PEM that are trusted beside nobody else. @default those that come with Node */
  readonly ca?: string | Buffer;
  /** @default true */
  readonly rejectUnauthorized?: boolean;
  /** The name on the certificate. @default the host of the target */
  readonly servername?: string;
}

/** What a request over HTTP/1.1 takes. */
export interface HttpOptions<Parameters extends object = object> {
  /** The request, or what makes it of the parameters in `over`. */
  readonly request: LatencyRequest | ((parameters: Parameters) => LatencyRequest);
  /**
   * `keep-alive` sends on a connection that is already open, as the pools of servers do; `new` opens one for each
   * request, with a name lookup and a full TLS handshake, as first visitors do. @default 'keep-alive'
   */
  readonly connection?: 'keep-alive' | 'new';
  /** From the call to the end of the answer; what takes longer has failed. @default '30s' */
  readonly timeout?: DurationText;
  readonly tls?: TlsTrust;
}

/** Where the time of a request goes, in the order in which it does. */
export const httpComponents = ['dns', 'connect', 'tls', 'first-byte', 'body'] as const;
export type HttpComponent = (typeof httpComponents)[number];
