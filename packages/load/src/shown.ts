/** Any value, however wrong, as it may stand in a message. */
export function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const text = asJson(value) ?? 'an object';
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Letters of an object. */
const longest = 60;

/** Some objects have no such text: those that hold themselves, for example. */
function asJson(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
