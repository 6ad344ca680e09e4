interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/**
 * The cookies of one visitor to one target (RFC 6265): each goes back to the paths that it was set for, until it is set
 * again or taken away. There is one host, so `Domain` and `Secure` decide nothing, and no visit lasts long enough for a
 * cookie to expire in the middle of it.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** @param path of the request that was answered with this `set-cookie` */
  store(setCookie: string, path: string): void {
    const [pair = '', ...attributes] = setCookie.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    if (name === '') return;
    const said = new Map(attributes.map(readAttribute));
    const own = said.get('path');
    const cookie = { name, value: pair.slice(at + 1).trim(), path: own?.startsWith('/') ? own : folderOf(path) };
    const key = `${name};${cookie.path}`;
    if (isOver(said)) this.#cookies.delete(key);
    else this.#cookies.set(key, cookie);
  }

  /** What a request to a path says; `undefined` without cookies for it. Those of longer paths come first. */
  headerFor(path: string): string | undefined {
    const plain = pathOnly(path);
    const own = [...this.#cookies.values()].filter((cookie) => isBelow(plain, cookie.path));
    own.sort((a, b) => b.path.length - a.path.length);
    return own.length === 0 ? undefined : own.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function readAttribute(text: string): readonly [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim().toLowerCase(), value.join('=').trim()];
}

/** Whether it takes the cookie away. The age goes before the date. */
function isOver(said: ReadonlyMap<string, string>): boolean {
  const age = said.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const expires = Date.parse(said.get('expires') ?? '');
  return expires <= Date.now();
}

const pathOnly = (path: string): string => path.replace(/\?.*$/s, '');

/** The path that a cookie without one is for (RFC 6265, section 5.1.4). */
const folderOf = (path: string): string => pathOnly(path).replace(/\/[^/]*$/, '') || '/';

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
