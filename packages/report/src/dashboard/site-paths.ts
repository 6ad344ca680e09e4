import type { SeriesKey } from '@perfkeel/core';
import { sha256 } from '../html/sha256.ts';

const mostLetters = 48;

const hexOf = (text: string): string =>
  Array.from(atob(sha256(text)), (letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/**
 * A file name for a name from outside: its plain letters, for people, and the beginning of the hash of all of it, so that
 * no two names share a file, not even where upper and lower case are one, and none is reserved or leads elsewhere.
 */
export const fileName = (shown: string, whole: string): string =>
  `${shown
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, mostLetters)
    .replace(/^-|-$/g, '')}-${hexOf(whole).slice(0, 16)}`.replace(/^-/, '');

const paths = new WeakMap<SeriesKey, string>();

/** Named by what identifies it: the page of a series keeps its address. */
export function seriesPath(key: SeriesKey): string {
  const known = paths.get(key) ?? pathOf(key);
  paths.set(key, known);
  return known;
}

const pathOf = (key: SeriesKey): string => {
  const { project, benchmark, metric, statistic, configuration, environment, shape, version } = key;
  const whole = JSON.stringify([project, benchmark, metric, statistic, configuration, environment, shape, version]);
  return `s/${fileName(`${benchmark} ${statistic} ${metric}`, whole)}.html`;
};

export const environmentPath = (id: string): string => `e/${fileName(id.slice(0, 12), id)}.html`;

/** Git's own names are file names; what other tools call a commit may be anything. */
export const commitPath = (sha: string): string => `c/${/^[0-9a-f]{7,64}$/.test(sha) ? sha : fileName(sha, sha)}.html`;

/** A name that stays the same for the same text, as RFC 9562, section 5.8 has it for makers of their own. */
export function uuidOf(text: string): string {
  const hex = hexOf(text);
  const variant = ((parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The way from a page to another one, which also holds for files. */
export const linkFrom = (page: string, target: string): string => (page.includes('/') ? `../${target}` : target);
