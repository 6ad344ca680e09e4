/** Below this a loop over the characters is faster than copying them out first. */
const shortText = 48;
const cacheLine = 64;

/** Where characters are copied to; as large as the longest text so far. */
let scratch = Buffer.alloc(2 ** 16);
/** The objects around the one that is being read, so that a circle ends. */
const around: object[] = [];

/**
 * Reads a result as whoever asked for it would have to, and returns a number that depends on all of it.
 *
 * Engines put work off: `text.slice(a, b)` copies no character, `a + b` joins nothing, a generator has not begun. Code
 * that only makes such values seems to be a thousand times faster than the one that does the work. So
 *
 * - every character is looked at, which flattens what was joined and follows what was sliced;
 * - every element of arrays, sets, maps and iterators is read, and one element of each cache line of typed arrays;
 * - every enumerable property of objects is read, getters included, and what they hold.
 *
 * Functions are not called and promises not awaited. What only private fields hold is not seen. An iterator that never
 * ends is read for ever: take from it what is needed before.
 *
 * The cost is inside the clock wherever results are consumed: about 30 ns for a short string and 1 ns for each character
 * of a long one, 1.5 ns for a number in an array, 50 ns for a small object, 130 ns for a vector of 256 floats. It is part
 * of using a result, and the same for all implementations; of an operation that takes less, it is most of the number.
 *
 * @throws whatever a getter or an iterator throws, as it is
 * @example
 * consume(['abc', { id: 7 }]); // 301: 97 + 98 + 99 + 7
 */
export function consume(value: unknown): number {
  // What an earlier call left behind when a getter threw.
  around.length = 0;
  return read(value);
}

function read(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return readText(value);
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      return Number(BigInt.asIntN(32, value));
    case 'object':
      return value === null ? 0 : readObject(value);
    default:
      return 0;
  }
}

function readText(text: string): number {
  const { length } = text;
  let sum = 0;
  if (length < shortText) {
    for (let i = 0; i < length; i++) sum += text.charCodeAt(i);
    return sum;
  }
  if (length > scratch.length) scratch = Buffer.alloc(2 ** Math.ceil(Math.log2(length)));
  // One byte a character: wide ones lose their upper half, but each is read. Three times as fast as charCodeAt.
  scratch.write(text, 0, 'latin1');
  for (let i = 0; i < length; i++) sum += scratch[i]!;
  return sum;
}

function readObject(value: object): number {
  if (ArrayBuffer.isView(value)) return readView(value);
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return readView(new Uint8Array(value));
  if (around.includes(value)) return 0;
  around.push(value);
  const sum = Array.isArray(value) ? readList(value) : isIterable(value) ? readAll(value) : readProperties(value);
  around.pop();
  return sum;
}

/** Typed arrays hold their numbers already; only memory that was never touched may still be missing. */
function readView(view: ArrayBufferView): number {
  const bytes = view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += cacheLine) sum += bytes[i]!;
  return sum;
}

function readList(list: readonly unknown[]): number {
  let sum = 0;
  for (let i = 0; i < list.length; i++) sum += read(list[i]);
  return sum;
}

const isIterable = (value: object): value is Iterable<unknown> =>
  typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';

function readAll(values: Iterable<unknown>): number {
  let sum = 0;
  for (const value of values) sum += read(value);
  return sum;
}

function readProperties(record: object): number {
  let sum = 0;
  // `for in` and not Object.keys, which would allocate inside the clock.
  for (const key in record) sum += read((record as Record<string, unknown>)[key]);
  return sum;
}

/** Reads what an operation gave as soon as it is there: behind a promise, or one by one from an asynchronous iterator. */
export function consumeOutcome(value: unknown): number | Promise<number> {
  if (typeof value !== 'object' || value === null) return consume(value);
  if (typeof (value as Partial<PromiseLike<unknown>>).then === 'function') {
    return Promise.resolve(value as PromiseLike<unknown>).then(consumeOutcome);
  }
  if (typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function') {
    return consumeEach(value as AsyncIterable<unknown>);
  }
  return consume(value);
}

async function consumeEach(values: AsyncIterable<unknown>): Promise<number> {
  let sum = 0;
  for await (const value of values) sum += consume(value);
  return sum;
}
