/** The value of a parameter. Numbers can be fitted against. */
export type ParameterValue = string | number | boolean;

/** What a member of a family is for: `alternative` members are ranked against each other. */
export const variantRoles = ['alternative', 'quality', 'property'] as const;
export type VariantRole = (typeof variantRoles)[number];

/**
 * The place of a benchmark in a family that one declaration made: `bench('parse', { over: { size: [1, 10] } })` makes a
 * family `parse` of two, with `{ size: 1 }` and `{ size: 10 }`. Implementations of a protocol have the parameter
 * `implementation`, and the family `VectorStore search`.
 */
export interface Variant {
  readonly family: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly role?: VariantRole | undefined;
}
