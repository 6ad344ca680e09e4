/** A text without its secrets. */
export type Redactor = (text: string) => string;

/** What stands where a secret stood. */
export const hidden = '[hidden]';

// Whole words of switches stay out: GIT_AUTHOR_NAME, TOKENIZERS_PARALLELISM, DESKTOP_SESSION, KEYBOARD hold none.
const secretWords =
  /auth(?!or(?!iz))|token(?!ize)|key(?!board|map)|secret|pass(?:w|phrase|$|_)|_pwd$|cookie|credential|session[-_]?(?:id|key)$|signature|jwt|bearer|_pat$/i;

/** Names that hold a secret word and the place of something: `SSH_AUTH_SOCK`, `XAUTHORITY`. */
const places = /(?:_sock|_socket|_file|_path|_dir|_home|_url|authority)$/i;

/** Whether the value of a variable, a header or a flag with this name is for its owner only. */
export const isSecretName = (name: string): boolean => secretWords.test(name) && !places.test(name);

/** Addresses in a text without the name and the password in them: `postgres://host/db`. */
export const withoutCredentials: Redactor = (text) => text.replace(/\b(\w{1,32}:\/\/)[^/?#\s"'<>]*@/g, '$1');

/** Shorter ones would be found inside of ordinary words and numbers. */
const shortest = 4;

/**
 * Replaces secrets wherever they stand in a text, also where they were escaped for JSON or for an address, and takes
 * names and passwords out of addresses. Secrets of fewer than four characters are left.
 *
 * @param secrets values in any order; each `undefined` is passed over
 */
export function createRedactor(secrets: Iterable<string | undefined>): Redactor {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const form of secret === undefined ? [] : formsOf(secret.trim())) if (form.length >= shortest) forms.add(form);
  }
  if (forms.size === 0) return withoutCredentials;
  // The longest first: what remains of a secret behind a part of it would tell the rest.
  const words = [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(words.join('|'), 'g');
  return (text) => withoutCredentials(text.replace(pattern, hidden));
}

function formsOf(secret: string): readonly string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  try {
    return [secret, escaped, encodeURIComponent(secret), decodeURIComponent(secret)];
  } catch {
    // A percent sign that begins no escape, or half a character.
    return [secret, escaped];
  }
}

/** Values that switch something, under a name that sounds like more. */
const isSwitch = (value: string): boolean => /^(?:true|false|yes|no|on|off|none|null|auto|\d{1,5})$/i.test(value);

/** What of variables, headers or flags is for their owner only: each value, and what of it may come back by itself. */
export function secretsIn(named: Iterable<readonly [name: string, value: string]>): readonly string[] {
  const secrets = [...named].filter(([name, value]) => isSecretName(name) && !isSwitch(value));
  return secrets.flatMap(([, value]) => [value, ...partsOf(value.trim())]);
}

/** `Bearer abc` holds abc; cookies hold their values; `Basic` holds name and password. */
function partsOf(value: string): readonly string[] {
  const [, scheme = '', rest = ''] = /^(\w+)\s+(\S.*)$/.exec(value) ?? [];
  const cookies = [...value.matchAll(/(?:^|;\s*)[^=;\s]+=([^;]+)/g)].map(([, held]) => held!.trim());
  const basic = scheme.toLowerCase() === 'basic' ? fromBase64(rest) : undefined;
  return [rest, ...(basic === undefined ? cookies.filter((held) => !isSwitch(held)) : formsOfCredentials(basic))];
}

/** Of an address, as `URL` takes it apart. */
interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Name and password of an address as `name:password`, decoded; `undefined` where it holds none. */
export function credentialsOf({ username, password }: Credentials): string | undefined {
  return username + password === '' ? undefined : `${decoded(username)}:${decoded(password)}`;
}

const shortestKey = 16;

/** Every form in which name and password of an address may come back, beside the address itself. */
export function secretsInUrl(url: Credentials): readonly string[] {
  const both = credentialsOf(url);
  if (both === undefined) return [];
  if (url.password !== '') return [url.password, ...formsOfCredentials(both)];
  // Without a password the name may be a key, as of services that want it there; a short one is a name.
  return [base64(both), ...(url.username.length < shortestKey ? [] : [url.username, decoded(url.username)])];
}

const formsOfCredentials = (both: string): readonly string[] => [both, both.slice(both.indexOf(':') + 1), base64(both)];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that begins no escape stands for itself.
    return text;
  }
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function fromBase64(text: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (each) => each.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
