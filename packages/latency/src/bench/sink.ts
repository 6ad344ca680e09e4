/**
 * Where the values of measured code go. Whoever reads it could read it at any time, so that the engine must really
 * compute what is stored here. One field, stored to and never read in a timed loop.
 */
export const sink: { value: unknown } = { value: undefined };
