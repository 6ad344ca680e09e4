import { createRng, type Rng } from '@perfkeel/core';

/** What a server sends on one connection, cut into pieces; `heads` says which of its answers belong to HEAD requests. */
export interface AnswerStream {
  readonly pieces: readonly Buffer[];
  readonly heads: readonly boolean[];
}

const pick = <T>(rng: Rng, from: readonly T[]): T => from[Math.floor(rng() * from.length)]!;
const upTo = (rng: Rng, most: number): number => Math.floor(rng() * (most + 1));
const chance = (rng: Rng, probability: number): boolean => rng() < probability;
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const anyCase = (rng: Rng, text: string): string =>
  pick(rng, [text, text, text.toLowerCase(), text.toUpperCase(), text.replace(/./g, (letter) => flipped(rng, letter))]);

const flipped = (rng: Rng, letter: string): string => (chance(rng, 0.5) ? letter.toUpperCase() : letter.toLowerCase());

const versions = ['1.1', '1.1', '1.1', '1.1', '1.1', '1.1', '1.1', '1.1', '1.0', '1.0', '2.0', '0.9', '1.2', '3.0'];
const statuses = [200, 200, 200, 200, 201, 204, 205, 206, 301, 304, 404, 500, 503, 99, 299, 600, 999];
const interims = [100, 102, 103, 110, 199];
const reasons = ['OK', 'OK', 'Not Found', '', '  two  spaces ', 'caf\u00e9', '\t\u0001\u007f', 'OK OK'];
const spaces = ['', ' ', ' ', ' ', '  ', '\t', ' \t '];

const plainNames = [
  'date',
  'server',
  'x',
  'content-type',
  'connect',
  'content-lengt',
  'connections',
  'transfer',
  'p',
  't',
];
const plainValues = [
  '',
  'a',
  'text/html; charset=utf-8',
  'chunked',
  'close',
  '"quoted"',
  'caf\u00e9',
  'a  b\tc',
  ',,,',
];
const options = ['close', 'keep-alive', 'keep-alive', 'upgrade', 'foo', 'close-not', 'clos', 'keep-alive-not', ''];
const joints = [', ', ',', ' ,', ' , ', ',,', ' '];

const field = (rng: Rng, name: string, value: string): string =>
  `${anyCase(rng, name)}:${pick(rng, spaces)}${value}${pick(rng, ['', '', '', ' '])}\r\n`;

const listed = (rng: Rng, items: readonly string[]): string =>
  times(1 + upTo(rng, 2), () => pick(rng, items)).reduce((list, item) => list + pick(rng, joints) + item);

const plainField = (rng: Rng): string => field(rng, pick(rng, plainNames), pick(rng, plainValues));
const connection = (rng: Rng): string =>
  field(rng, pick(rng, ['connection', 'connection', 'proxy-connection']), anyCase(rng, listed(rng, options)));

function extension(rng: Rng): string {
  const name = pick(rng, ['a', 'token', '', 'x-y']);
  return `;${name}${pick(rng, ['', '=1', '=', '="quoted; \\" value"', '=a"b"', '="a"b', '=""'])}`;
}

function chunk(rng: Rng, body: string): string {
  const size = pick(rng, ['', '', '0', '000']) + anyCase(rng, body.length.toString(16));
  return `${size}${chance(rng, 0.2) ? times(1 + upTo(rng, 1), () => extension(rng)).join('') : ''}\r\n${body}\r\n`;
}

const text = (rng: Rng, length: number): string =>
  times(length, () => pick(rng, ['a', 'b', 'H', '\r', '\n', '0', '\u0000', '\u00ff', ' '])).join('');

function chunkedBody(rng: Rng): string {
  const chunks = times(upTo(rng, 3), () => chunk(rng, text(rng, 1 + upTo(rng, chance(rng, 0.1) ? 300 : 20))));
  const last = `${pick(rng, ['0', '0', '00'])}${chance(rng, 0.1) ? extension(rng) : ''}\r\n`;
  const trailers = chance(rng, 0.2) ? times(1 + upTo(rng, 1), () => trailer(rng)).join('') : '';
  return `${chunks.join('')}${last}${trailers}\r\n`;
}

const trailer = (rng: Rng): string =>
  pick(rng, [plainField, plainField, plainField, connection, lengthField, codingField])(rng);

const lengthField = (rng: Rng): string => field(rng, 'content-length', String(upTo(rng, 20)));
const codings = ['chunked', 'gzip', 'chunked-not', 'identity', 'chunk', ''];
const codingField = (rng: Rng): string => field(rng, 'transfer-encoding', anyCase(rng, listed(rng, codings)));

/** How the body is delimited: the fields for it, and the body. */
function framing(rng: Rng): { fields: string; body: string } {
  const kind = rng();
  if (kind < 0.45) {
    const body = text(rng, upTo(rng, 40));
    return { fields: field(rng, 'content-length', `${pick(rng, ['', '0'])}${body.length}`), body };
  }
  if (kind < 0.85) return { fields: field(rng, 'transfer-encoding', 'chunked'), body: chunkedBody(rng) };
  if (kind < 0.9) return { fields: codingField(rng), body: chunkedBody(rng) };
  if (kind < 0.92) return { fields: lengthField(rng) + lengthField(rng), body: text(rng, 5) };
  if (kind < 0.94) return { fields: lengthField(rng) + codingField(rng), body: text(rng, 5) };
  return { fields: '', body: chance(rng, 0.5) ? '' : text(rng, upTo(rng, 30)) };
}

const line = (rng: Rng, status: number): string => {
  const shown = String(status).padStart(3, '0');
  const reason = chance(rng, 0.1) ? '' : ` ${pick(rng, reasons)}`;
  return `HTTP/${chance(rng, 0.9) ? '1.1' : pick(rng, versions)} ${shown}${reason}\r\n`;
};

function answer(rng: Rng, toHead: boolean): string {
  const before = chance(rng, 0.08) ? line(rng, pick(rng, interims)) + maybe(rng, 0.3, lengthField) + '\r\n' : '';
  const { fields, body } = framing(rng);
  const others = times(upTo(rng, 2), () => plainField(rng));
  const status = pick(rng, statuses);
  const hasBody = !toHead && status !== 204 && status !== 304;
  const head = [...others, fields, maybe(rng, 0.1, connection), maybe(rng, 0.03, upgrade)];
  return `${maybe(rng, 0.03, () => '\r\n')}${before}${line(rng, status)}${head.join('')}\r\n${hasBody ? body : ''}`;
}

const upgrade = (rng: Rng): string => field(rng, 'upgrade', 'websocket');
const maybe = (rng: Rng, probability: number, make: (rng: Rng) => string): string =>
  chance(rng, probability) ? make(rng) : '';

const oddities = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  ';',
  '=',
  '"',
  '\\',
  ',',
  '0',
  'f',
  'g',
  '\u0000',
  '\u007f',
  '\u0080',
];

/** Replaces, inserts or removes one byte, nearly always in a head. */
function damage(rng: Rng, wire: string): string {
  const at = Math.floor(rng() * wire.length * (chance(rng, 0.7) ? 0.5 : 1));
  const kind = rng();
  const oddity = kind < 0.7 ? pick(rng, oddities) : '';
  return wire.slice(0, at) + oddity + wire.slice(at + (kind < 0.4 || kind >= 0.7 ? 1 : 0));
}

function cut(rng: Rng, bytes: Buffer): Buffer[] {
  const most = pick(rng, [1, 3, 8, 40, 200, Infinity, Infinity]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = most === Infinity ? bytes.length : 1 + upTo(rng, most - 1);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** A stream of answers, some of them wrong, in pieces of any size. */
function drawAnswerStream(rng: Rng): AnswerStream {
  const heads = times(1 + upTo(rng, 3), () => chance(rng, 0.08));
  let wire = heads.map((head) => answer(rng, head)).join('');
  if (chance(rng, 0.35)) wire = damage(rng, wire);
  if (chance(rng, 0.05)) wire = wire.slice(0, Math.floor(rng() * wire.length));
  return { pieces: cut(rng, Buffer.from(wire, 'latin1')), heads };
}

/** The same streams again for the same seed; they never end. */
export function* answerStreams(seed: number): Generator<AnswerStream> {
  const rng = createRng(seed);
  for (;;) yield drawAnswerStream(rng);
}
