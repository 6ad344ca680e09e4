import { describeValue, isObject, type JsonObject } from '@perfkeel/core';
import type { McpClient } from '../client/mcp-client.ts';
import type { McpSubject } from '../subject.ts';
import { nameIn } from '../tokens/context-cost.ts';

/** Everything that a server lists. */
export interface Inventory {
  readonly tools: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
}

/** One thing that is asked for again and again. */
export interface Item {
  readonly kind: 'resource' | 'tool' | 'prompt';
  readonly name: string;
  readonly method: string;
  readonly params: JsonObject;
  /** By the options, rather than by the server. */
  readonly named?: true;
}

/** What is left alone, and why. */
export interface LeftOut {
  readonly kind: Item['kind'];
  readonly name: string;
  readonly reason: string;
}

export interface Choice {
  readonly items: readonly Item[];
  readonly leftOut: readonly LeftOut[];
}

/** A list of which more may exist than was seen. */
export interface IncompleteList {
  readonly list: keyof Inventory;
  /** How many were seen. */
  readonly seen: number;
  readonly reason: string;
}

export async function takeInventory(
  client: McpClient,
): Promise<{ readonly inventory: Inventory; readonly incomplete: readonly IncompleteList[] }> {
  const { capabilities } = client.greeting;
  const incompleteLists: IncompleteList[] = [];
  const list = async (what: keyof Inventory, by: string): Promise<readonly JsonObject[]> => {
    if (capabilities[by] === undefined) return [];
    const { items, incomplete } = await client.listPages(what);
    if (incomplete !== undefined) incompleteLists.push({ list: what, seen: items.length, reason: incomplete });
    return items;
  };
  const resources = await list('resources', 'resources');
  const resourceTemplates = await list('resourceTemplates', 'resources');
  const tools = await list('tools', 'tools');
  const prompts = await list('prompts', 'prompts');
  return { inventory: { tools, resources, resourceTemplates, prompts }, incomplete: incompleteLists };
}

/**
 * What is measured of what a server has. A tool is called when the options give it arguments; of all others only one that
 * declares itself `readOnlyHint`, is not declared destructive, and needs no arguments.
 */
export function chooseItems(inventory: Inventory, subject: McpSubject): Choice {
  const parts = [resourceItems(inventory, subject), toolItems(inventory, subject), promptItems(inventory, subject)];
  return { items: parts.flatMap(({ items }) => items), leftOut: parts.flatMap(({ leftOut }) => leftOut) };
}

function resourceItems({ resources }: Inventory, subject: McpSubject): Choice {
  const wanted = subject.resources ?? resources.map((one) => nameIn(one, 'uri'));
  const items = wanted.map((uri) => ({
    kind: 'resource' as const,
    name: uri,
    method: 'resources/read',
    params: { uri },
    ...(subject.resources !== undefined && { named: true as const }),
  }));
  return { items, leftOut: [] };
}

export const toolItem = (name: string, args: JsonObject = {}): Item => ({
  kind: 'tool',
  name,
  method: 'tools/call',
  params: { name, arguments: args },
});

function toolItems({ tools }: Inventory, subject: McpSubject): Choice {
  const configured = Object.entries(subject.tools ?? {}).map(([name, args]): Item => ({
    ...toolItem(name, args),
    named: true,
  }));
  const others = tools.filter((tool) => subject.tools?.[nameIn(tool, 'name')] === undefined);
  const judged = others.map((tool) => ({ name: nameIn(tool, 'name'), reason: whyNotCalled(tool) }));
  return {
    items: [
      ...configured,
      ...judged.filter(({ reason }) => reason === undefined).map(({ name }) => toolItem(name, {})),
    ],
    leftOut: judged.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [{ kind: 'tool' as const, name, reason }],
    ),
  };
}

function whyNotCalled({ annotations, inputSchema }: JsonObject): string | undefined {
  const hints = isObject(annotations) ? annotations : {};
  if (hints['readOnlyHint'] !== true) {
    return hints['destructiveHint'] === true ? 'declares itself destructive' : 'does not declare itself read-only';
  }
  // The specification gives the hint a meaning only for tools that write: both together contradict each other.
  if (hints['destructiveHint'] === true) return 'declares itself destructive';
  const required = isObject(inputSchema) ? inputSchema['required'] : undefined;
  return Array.isArray(required) && required.length > 0 ? needsWords(required) : undefined;
}

const mostNeeds = 8;

/** Names come from the server, and may be anything. */
function needsWords(names: readonly unknown[]): string {
  const words = names.slice(0, mostNeeds).map((name) => (typeof name === 'string' ? name : describeValue(name)));
  return `needs ${words.join(', ')}${names.length > mostNeeds ? ` and ${names.length - mostNeeds} more` : ''}`;
}

function promptItems({ prompts }: Inventory, subject: McpSubject): Choice {
  const needs = ({ arguments: listed }: JsonObject): string[] =>
    Array.isArray(listed)
      ? listed.filter((one) => isObject(one) && one['required'] === true).map((one: JsonObject) => nameIn(one, 'name'))
      : [];
  const item = (name: string, args: JsonObject): Item => ({
    kind: 'prompt',
    name,
    method: 'prompts/get',
    params: { name, arguments: args },
  });
  const configured = Object.entries(subject.prompts ?? {}).map(([name, args]): Item => ({
    ...item(name, args),
    named: true,
  }));
  const others = prompts.filter((prompt) => subject.prompts?.[nameIn(prompt, 'name')] === undefined);
  return {
    items: [
      ...configured,
      ...others.filter((one) => needs(one).length === 0).map((prompt) => item(nameIn(prompt, 'name'), {})),
    ],
    leftOut: others
      .filter((one) => needs(one).length > 0)
      .map((one) => ({ kind: 'prompt', name: nameIn(one, 'name'), reason: needsWords(needs(one)) })),
  };
}
