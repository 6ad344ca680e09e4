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
