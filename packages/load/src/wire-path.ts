/** The path on the wire: a path in the target's url goes before that of the request. */
export const wirePath = (url: URL, path: string): string => url.pathname.replace(/\/+$/, '') + path;
