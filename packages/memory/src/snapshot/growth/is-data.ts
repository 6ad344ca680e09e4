/** Kinds of nodes that come with code becoming warm, and backing stores, which grow by copies of what they held. */
const others = new Set(['code', 'object shape', 'hidden', 'synthetic', 'array']);

/** Whether nodes of this type are what a program keeps, and not what the engine needs to keep it. */
export const isData = (type: string): boolean => !others.has(type);
