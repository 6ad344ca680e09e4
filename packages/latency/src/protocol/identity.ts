import { createHash, type Hash } from 'node:crypto';
import { usageError } from '@perfkeel/core';

/** Text waits until there is this much: a call of the hash costs a microsecond. */
const enough = 2 ** 16;

/**
 * Names data: `sha256:` and the SHA-256 of a serialisation in which equal data give equal bytes, on every machine with
 * the same byte order.
 *
 * Plain values, arrays, objects (their own enumerable properties in the order of their names), maps and sets (in their
 * order), dates, regular expressions, typed arrays and buffers, byte for byte. `-0`, `NaN`, `undefined` and holes are
 * told apart. Functions are left out: they are code. Objects of different classes with the same properties are the same.
 *
 * @throws PerfError `bad-fixture`, exit code 2, for data that hold themselves, a symbol, or an object whose content is
 * hidden, such as a URL or a promise.
 */
export function identityOf(data: unknown): string {
  const writer = new Writer();
  writer.write(data);
  return `sha256:${writer.digest()}`;
}

class Writer {
  readonly #hash: Hash = createHash('sha256');
  readonly #around: object[] = [];
  #waiting = '';

  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  write(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.#text('s', value);
      case 'number':
        return this.#text('n', Object.is(value, -0) ? '-0' : String(value));
      case 'bigint':
      case 'boolean':
        return this.#text(typeof value === 'bigint' ? 'i' : 'b', String(value));
      case 'undefined':
      case 'function':
        return this.#put('u;');
      case 'symbol':
        throw badFixture('holds a symbol, which is another one in every process');
      case 'object':
        return value === null ? this.#put('0;') : this.#object(value);
    }
  }

  #object(value: object): void {
    if (this.#around.includes(value)) throw badFixture('holds itself');
    this.#around.push(value);
    this.#content(value);
    this.#around.pop();
  }

  #content(value: object): void {
    if (ArrayBuffer.isView(value)) this.#view(value);
    else if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      this.#bytes('buffer', new Uint8Array(value));
    } else if (Array.isArray(value)) this.#list('a', value);
    else if (value instanceof Map) this.#list('m', [...value].flat(1));
    else if (value instanceof Set) this.#list('e', [...(value as Set<unknown>)]);
    else if (value instanceof Date) this.#text('d', String(value.getTime()));
    else if (value instanceof RegExp) this.#text('r', String(value));
    else this.#properties(value as Readonly<Record<string, unknown>>);
  }

  #properties(record: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(record)
      .filter((name) => typeof record[name] !== 'function')
      .sort();
    if (names.length === 0 && !isPlain(record))
      throw badFixture(`holds ${nameOf(record)}, whose content cannot be seen`);
    this.#put(`o${names.length};`);
    for (const name of names) {
      this.#text('s', name);
      this.write(record[name]);
    }
  }

  #list(tag: string, values: readonly unknown[]): void {
    this.#put(`${tag}${values.length};`);
    for (let i = 0; i < values.length; i++) this.#element(values, i);
  }

  #element(values: readonly unknown[], i: number): void {
    if (i in values) this.write(values[i]);
    else this.#put('h;');
  }

  /** With its length in front: no text can be taken for the end of itself and the beginning of the next. */
  #text(tag: string, text: string): void {
    this.#put(`${tag}${text.length};`);
    this.#put(text);
  }

  #view(view: ArrayBufferView): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.#bytes(Object.prototype.toString.call(view), bytes);
  }

  #bytes(kind: string, bytes: Uint8Array): void {
    this.#put(`y${kind}${bytes.length};`);
    this.#flush();
    this.#hash.update(bytes);
  }

  #put(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length > enough) this.#flush();
  }

  /** UTF-16, because half of a pair has no UTF-8 of its own. */
  #flush(): void {
    this.#hash.update(this.#waiting, 'utf16le');
    this.#waiting = '';
  }
}

function isPlain(record: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(record);
  return prototype === null || prototype === Object.prototype;
}

const nameOf = (record: object): string =>
  typeof record.constructor === 'function' ? `an object of class ${record.constructor.name}` : 'an object';

const badFixture = (what: string): Error =>
  usageError(`the fixture ${what}`, {
    code: 'bad-fixture',
    hint: 'Build it from plain values, arrays, objects, maps, sets and typed arrays.',
    excerpt: 'fixture',
  });
