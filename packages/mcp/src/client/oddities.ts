/** What no client expects of a server: the first of each kind, for messages. */
export interface Oddities {
  /** The beginning of a text that is no message. */
  text?: string;
  /** An id that was answered and never sent, as JSON. */
  id?: string;
  /** Messages that answer nothing: notifications, and requests of its own. */
  unasked?: number;
  /** Characters on stderr. */
  saidAside?: number;
}

const shownChars = 80;

export function noteText(odd: Oddities, text: string): void {
  odd.text ??= text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;
}

/** Ids are whole numbers that grow; a late answer to one that was sent is nothing odd. */
export function noteId(odd: Oddities, id: unknown, lastSent: number): void {
  if (odd.id !== undefined || (typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= lastSent)) return;
  odd.id = typeof id === 'object' ? 'null, or an object' : JSON.stringify(id).slice(0, shownChars);
}

/** Why an answer may not have come. */
export const oddWords = ({ text, id }: Oddities): string =>
  (id === undefined ? '' : `; it answered the id ${id}, which was never sent`) +
  (text === undefined ? '' : `; it sent "${text}", which is no message`);
