/** What scripts say of the machine beside what they measured. */
import { readFileSync } from 'node:fs';

/** As the system writes it, with two digits. */
function told() {
  try {
    return /some avg10=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))[1];
  } catch {
    return null;
  }
}

/** The share of the last ten seconds in which some program waited for a processor, in %; `null` where nobody tells. */
export function pressure() {
  const share = told();
  return share === null ? null : Number(share);
}

/** The same in words. */
export function pressureText() {
  const share = told();
  return share === null ? 'unknown' : `${share} %`;
}
