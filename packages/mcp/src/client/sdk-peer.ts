import { PerfError, messageOf, type JsonObject } from '@perfkeel/core';

/** What of the official client is used; written here, since most users do without its types too. */
export interface SdkClient {
  connect(transport: SdkTransport, options?: { readonly timeout?: number }): Promise<void>;
  close(): Promise<void>;
  callTool(params: JsonObject, options: JsonObject): Promise<JsonObject>;
  readResource(params: JsonObject, options: JsonObject): Promise<JsonObject>;
  getPrompt(params: JsonObject, options: JsonObject): Promise<JsonObject>;
  request(request: { readonly method: string; readonly params: JsonObject }, options: JsonObject): Promise<JsonObject>;
  /** Called when the connection is over, whoever ended it. */
  onclose?: () => void;
  /** Told of what broke on the way, whether or not a request fails by it. */
  onerror?: (error: Error) => void;
  getServerVersion(): JsonObject | undefined;
  getServerCapabilities(): JsonObject | undefined;
  getInstructions(): string | undefined;
  getNegotiatedProtocolVersion(): string | undefined;
}

export interface SdkTransport {
  send(message: unknown, options?: unknown): Promise<void>;
  /** Takes what a server says; set by the client. */
  onmessage?: (message: unknown) => void;
  readonly pid?: number | null;
  /** Only over HTTP. */
  terminateSession?(): Promise<void>;
}

export interface SdkModules {
  readonly Client: new (info: JsonObject, options: JsonObject) => SdkClient;
  readonly StreamableHTTPClientTransport: new (url: URL, options: JsonObject) => SdkTransport;
  readonly StdioClientTransport: new (options: JsonObject) => SdkTransport;
}

/**
 * Loads the official client, which only those install who want to measure what a host sees.
 *
 * @throws PerfError `missing-peer` that names what to install, exit code 4
 */
export async function loadSdk(name = '@modelcontextprotocol/client'): Promise<SdkModules> {
  try {
    // By a name that is no literal, so that bundlers leave it alone.
    const [client, stdio] = (await Promise.all([import(name), import(`${name}/stdio`)])) as [SdkModules, SdkModules];
    return { ...client, ...stdio };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const how = missing ? 'is not installed' : `cannot be loaded: ${messageOf(error)}`;
    throw new PerfError(`client: 'sdk' needs the package ${name}, which ${how}`, {
      code: 'missing-peer',
      hint: `npm install --save-dev ${name}`,
      cause: error,
    });
  }
}
