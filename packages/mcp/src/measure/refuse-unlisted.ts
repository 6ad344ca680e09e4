import { nearest, usageError, type Redactor } from '@perfkeel/core';
import type { McpSubject } from '../subject.ts';
import { nameIn } from '../tokens/context-cost.ts';
import type { IncompleteList, Inventory } from './inventory.ts';

const mostListed = 8;

/**
 * A tool or a prompt that was named and that the server does not list is a slip of the pen: some servers answer to any name.
 * Nothing is refused where the list may hold more than was seen.
 *
 * @throws PerfError `bad-option`, exit code 2, with the nearest name
 */
export function refuseUnlisted(
  subject: McpSubject,
  inventory: Inventory,
  incomplete: readonly IncompleteList[],
  present: Redactor,
): void {
  const named = { tools: toolsNamedBy(subject), prompts: Object.keys(subject.prompts ?? {}) };
  for (const list of ['tools', 'prompts'] as const) {
    if (incomplete.some((one) => one.list === list)) continue;
    const listed = inventory[list].map((one) => nameIn(one, 'name'));
    const stranger = named[list].find((name) => !listed.includes(name));
    if (stranger === undefined) continue;
    throw usageError(`the server lists no ${list.slice(0, -1)} ${JSON.stringify(stranger)}`, {
      code: 'bad-option',
      hint: present(hintFor(stranger, listed)),
      excerpt: stranger,
    });
  }
}

/** In `tools`, and in whatever else calls one. */
function toolsNamedBy({ tools = {}, beside, cancel, updates, writeAndReadBack: pair }: McpSubject): readonly string[] {
  const calls = [beside?.slow, beside?.fast, cancel, updates?.change, pair?.write('mark'), pair?.read];
  return [...Object.keys(tools), ...calls.flatMap((call) => (call === undefined ? [] : [call.tool]))];
}

function hintFor(stranger: string, listed: readonly string[]): string {
  const meant = nearest(stranger, listed);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  const more = listed.length > mostListed ? ` and ${listed.length - mostListed} more` : '';
  return `It lists ${listed.slice(0, mostListed).join(', ') || 'none'}${more}.`;
}
