/** One kind of number in printed output, and the word that stands for all of its kind. */
type Mask = readonly [pattern: RegExp, word: string];

const number = String.raw`[-+−]?(?:\d{1,3}(?:[ ,_\u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?`;
const withUnit = (units: string): RegExp =>
  new RegExp(`(?<![\\w.])${number}[ \\u00a0\\u202f]?(?:${units})(?![\\w])`, 'g');
const percent = new RegExp(`(?<![\\w.])${number}[ \\u00a0\\u202f]?%`, 'g');

const masks: readonly Mask[] = [
  [/\d{4}-\d{2}-\d{2}T[\d:.]+Z?/g, '<time of day>'],
  [/(?<![\w.])(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{7,}(?!\w)/g, '<id>'],
  [/(?<=:)\d{4,5}(?!\d)/g, '<port>'],
  [withUnit('(?:[KMG]i?)?B/(?:op|s|m|h)'), '<growth>'],
  [withUnit('(?:[KMG]i?)?B'), '<size>'],
  [withUnit('(?:req)?/(?:op|s|m|h)'), '<rate>'],
  [withUnit('ns|µs|μs|us|ms|s|m|min|h'), '<time>'],
  [percent, '<share>'],
  // A zero stays: "0 errors" is not the same as "3 errors".
  [new RegExp(`(?<![\\w.<])(?!0(?![\\d.]))${number}(?![\\w])`, 'g'), '<number>'],
];

/** Printed output with each number as its kind, and with the widths of columns forgotten. */
export function masked(text: string): string {
  const kinds = masks.reduce((rest, [pattern, word]) => rest.replace(pattern, word), text);
  const lines = kinds.split('\n').map((line) => line.replace(/[ \t]+/g, ' ').trim());
  return lines
    .join('\n')
    .replace(/─+/g, '─')
    .replace(/[█▇▆▅▄▃▂▁▏▎▍▌▋▊▉]+/g, '█')
    .trim();
}
