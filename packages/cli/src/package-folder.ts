import { fileURLToPath } from 'node:url';

/** The folder of this package: sources and built output lie one level below it. */
export const packageFolder = fileURLToPath(new URL('..', import.meta.url));
