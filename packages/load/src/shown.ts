/** Any value, however wrong, as it may stand in a message. */
export const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
