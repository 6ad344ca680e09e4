import { X509Certificate } from 'node:crypto';
import { describeValue, messageOf, usageError } from '@perfkeel/core';
import type { HttpDriverOptions, TlsOptions } from '../driver.ts';

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

/**
 * Refuses what makes no sense, whether or not the url needs it.
 *
 * @throws PerfError `bad-load`, exit code 2.
 */
export function checkOptions(options: HttpDriverOptions): void {
  for (const name of ['pipelining', 'maxConnections', 'maxHeaders'] as const) checkCount(name, options[name], 1);
  checkCount('maxBody', options.maxBody, 0);
  for (const name of ['keepAlive', 'replayStale'] as const) checkFlag(name, options[name]);
  for (const name of ['connectTimeout', 'headersTimeout'] as const) {
    const value = options[name];
    if (value !== undefined && !(value > 0)) fail(`${name} is no time at all`, `Write ${name}: '5s'.`, name);
  }
  const { pipelining = 1, keepAlive = true, socketPath, tls } = options;
  if (pipelining > 1 && !keepAlive) {
    fail('pipelining needs connections that are kept alive', 'Leave pipelining or keepAlive: false out.', 'pipelining');
  }
  if (socketPath !== undefined && (typeof socketPath !== 'string' || socketPath === '')) {
    fail(
      `${describeValue(socketPath)} is not the path of a socket`,
      "Write socketPath: '/run/server.sock'.",
      'socketPath',
    );
  }
  if (tls !== undefined) checkTls(tls);
}

function checkCount(name: string, value: number | undefined, least: number): void {
  if (value === undefined || value === Infinity || (Number.isInteger(value) && value >= least)) return;
  fail(`${name} is ${describeValue(value)}`, `${name} is a whole number from ${least} upwards.`, name);
}

function checkFlag(name: string, value: boolean | undefined): void {
  if (value !== undefined && typeof value !== 'boolean')
    fail(`${name} is ${describeValue(value)}`, `Write ${name}: false.`, name);
}

const tlsOptions = ['ca', 'rejectUnauthorized', 'servername'];

function checkTls(tls: TlsOptions): void {
  if (typeof tls !== 'object' || tls === null) {
    fail(`tls is ${describeValue(tls)}`, "Write tls: { ca: readFileSync('ca.pem') }.", 'tls');
  }
  const stranger = Object.keys(tls).find((key) => !tlsOptions.includes(key));
  if (stranger !== undefined) {
    fail(`tls has no option "${stranger}"`, `Its options are ${tlsOptions.join(', ')}.`, stranger);
  }
  const { ca, rejectUnauthorized, servername } = tls;
  checkFlag('rejectUnauthorized', rejectUnauthorized);
  if (servername !== undefined && typeof servername !== 'string') {
    fail(`servername is ${describeValue(servername)}`, "Write servername: 'orders.example'.", 'servername');
  }
  if (ca !== undefined) [ca].flat().forEach(checkCertificate);
}

/** Node takes anything for a certificate, and then trusts nobody. */
function checkCertificate(pem: string | Buffer): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    const hint = "Pass the text of a PEM file: ca: readFileSync('ca.pem').";
    fail(`a certificate in ca cannot be read: ${messageOf(error)}`, hint, 'ca');
  }
}
