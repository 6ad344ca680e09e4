import type { Answer } from '../driver.ts';
import type { KeptBody } from './kept-body.ts';

/** The fields of a head that the framer has found to be one. What follows it is left out. */
export function headersOf(head: KeptBody): NonNullable<Answer['headers']> {
  const text = head.toBuffer().toString('latin1').trimStart();
  const [, ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
  return lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
}
