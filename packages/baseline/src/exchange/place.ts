import { describeValue } from '@perfkeel/core';
import { importError } from './import-error.ts';

/** Longer names are no names: Bencher draws the line here, too. */
export const longestName = 1024;

/**
 * One value of a JSON file and the way to it, so that whatever is wrong is named: `results[0].times[3]: expected a number
 * from 0, got "abc"`. Only own fields are seen, so a key such as `__proto__` is a key like others.
 */
export class Place {
  readonly value: unknown;
  readonly path: string;
  readonly file: string;

  constructor(value: unknown, path: string, file: string) {
    this.value = value;
    this.path = path;
    this.file = file;
  }

  /** Neither there nor null: JSON has no other word for "not a number". */
  get present(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** A field, present or not. @throws PerfError unless this is an object. */
  field(key: string): Place {
    if (!this.isObject) return this.refuse('an object');
    const path = this.path === '' ? key : `${this.path}.${key}`;
    const value = Object.hasOwn(this.value as object, key) ? (this.value as Record<string, unknown>)[key] : undefined;
    return new Place(value, path, this.file);
  }

  /** Whether these fields are all there: the shape by which a format is told. */
  has(...keys: readonly string[]): boolean {
    return this.isObject && keys.every((key) => Object.hasOwn(this.value as object, key));
  }

  items(): Place[] {
    if (!Array.isArray(this.value)) return this.refuse('a list');
    return this.value.map((item, i) => new Place(item, `${this.path}[${i}]`, this.file));
  }

  entries(): [string, Place][] {
    if (!this.isObject) return this.refuse('an object');
    return Object.keys(this.value as object).map((key) => [this.name(key), this.field(key)]);
  }

  number(): number {
    return typeof this.value === 'number' && Number.isFinite(this.value) ? this.value : this.refuse('a finite number');
  }

  /** A number from 0 upwards: a time, a size, a rate. */
  amount(): number {
    return this.number() >= 0 ? (this.value as number) : this.refuse('a number from 0');
  }

  /** A whole number from 0 upwards. */
  count(): number {
    return Number.isSafeInteger(this.amount()) ? (this.value as number) : this.refuse('a whole number');
  }

  amounts(): number[] {
    return this.items().map((item) => item.amount());
  }

  /** Not empty, not endless. */
  text(): string {
    return typeof this.value === 'string' ? this.name(this.value) : this.refuse('a text');
  }

  /** `undefined` for everything else: facts that nobody decides by are not worth an error. */
  maybeText(): string | undefined {
    const { value } = this;
    return typeof value === 'string' && value !== '' && value.length <= longestName ? value : undefined;
  }

  refuse(expected: string): never {
    const got = this.value === undefined ? 'nothing' : describeValue(this.value);
    throw importError(
      this.file,
      `${this.path === '' ? '' : `${shortened(this.path)}: `}expected ${expected}, got ${got}`,
    );
  }

  private name(text: string): string {
    if (text.trim() !== '' && text.length <= longestName) return text;
    return new Place(text.slice(0, 100), this.path, this.file).refuse(`a name of 1 to ${longestName} characters`);
  }
}

const shortened = (path: string): string => (path.length > 200 ? `${path.slice(0, 200)}...` : path);
