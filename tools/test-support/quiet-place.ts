let next = 20_000;

/**
 * A place where nothing listens, and where nobody else begins to. A port that was listened on and closed again may belong
 * to another test a moment later: the system hands out ports of 127.0.0.1 at random, one of 14 000. These lie below those,
 * and on Linux, where every address of 127.0.0.0/8 is there, this process has one of its own.
 */
export function quietPlace(): { readonly host: string; readonly port: number } {
  const own = [64 + ((process.pid >> 16) & 63), (process.pid >> 8) & 255, process.pid & 255];
  return { host: process.platform === 'linux' ? `127.${own.join('.')}` : '127.0.0.1', port: next++ };
}
