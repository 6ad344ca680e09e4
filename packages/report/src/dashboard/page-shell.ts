import { pageScript } from '../html/script.ts';
import { sha256 } from '../html/sha256.ts';
import { el, nothing, script, style, text, type Markup } from '../markup/markup.ts';
import { dashboardStyle } from './dashboard-style.ts';
import { filterScript } from './filter-script.ts';
import { linkFrom } from './site-paths.ts';

const scripts = { drawings: pageScript, filter: filterScript, none: undefined } as const;

export interface Shell {
  /** The path of the page in the site. */
  readonly path: string;
  readonly title: string;
  readonly uses: keyof typeof scripts;
  /** Pages above this one, from the top. */
  readonly above: readonly (readonly [title: string, path: string])[];
}

/** A whole page around its content. */
export function pageShell({ path, title, uses, above }: Shell, ...content: readonly Markup[]): string {
  const code = scripts[uses];
  const head = el(
    'head',
    {},
    el('meta', { charset: 'utf-8' }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: policyOf(uses) }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('title', {}, text(title)),
    el('link', {
      ...{ rel: 'alternate', type: 'application/atom+xml', title: 'changes' },
      href: linkFrom(path, 'changes.xml'),
    }),
    style(dashboardStyle),
  );
  const way = above.flatMap(([name, target], i) => [...(i === 0 ? [] : [text(' › ')]), link(path, target, name)]);
  const nav = way.length === 0 ? nothing : el('nav', { 'aria-label': 'pages above' }, way);
  const body = el('body', {}, nav, el('main', {}, content), code === undefined ? nothing : script(code));
  return `<!doctype html>\n${el('html', { lang: 'en' }, head, body)}`;
}

const policies = new Map<keyof typeof scripts, string>();

/** Nothing is loaded, and only the style and the script of this package count, whatever a name may hold. */
function policyOf(uses: keyof typeof scripts): string {
  const known = policies.get(uses);
  if (known !== undefined) return known;
  const [styles, code] = [hashed(dashboardStyle), scripts[uses]];
  const scripting = code === undefined ? '' : ` script-src ${hashed(code)};`;
  const policy = `default-src 'none'; style-src ${styles};${scripting} base-uri 'none'; form-action 'none'`;
  policies.set(uses, policy);
  return policy;
}

const hashed = (code: string): string => `'sha256-${sha256(`\n${code}`)}'`;

/** A link from one page of the site to another one. */
export const link = (from: string, target: string, words: string): Markup =>
  el('a', { href: linkFrom(from, target) }, text(words));
