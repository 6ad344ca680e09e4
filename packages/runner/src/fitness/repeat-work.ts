import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Everyday work: objects to text and back, a map, a sort. It allocates, so that garbage is collected too. Prints the
 * lower quartile of a block's time in milliseconds, which is what a comparison of benchmarks goes by.
 */
const program = `
const order = { id: 1, customer: { name: 'Ada', tags: ['a', 'b', 'c'] },
  lines: Array.from({ length: 20 }, (_, i) => ({ sku: 'sku-' + i, count: i, price: i * 1.1 })) };
function block() {
  let sum = 0;
  for (let i = 0; i < 12; i++) {
    const { lines } = JSON.parse(JSON.stringify(order));
    const bySku = new Map(lines.map((line) => [line.sku, line]));
    sum += bySku.size + lines.map((line) => (line.price * 7) % 3).sort((a, b) => a - b)[0];
  }
  return sum;
}
let sink = 0;
function blocksFor(ms) {
  const times = [];
  const begun = performance.now();
  let last = begun;
  while (last - begun < ms) {
    sink += block();
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}
blocksFor(100);
const times = blocksFor(80).sort((a, b) => a - b);
console.log(JSON.stringify({ quartile: times[Math.floor(times.length / 4)], sink }));
`;

/** Does the same work in fresh processes, one after another. @returns milliseconds a block, one number a process */
export async function repeatWork(processes: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < processes; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { windowsHide: true });
    times.push((JSON.parse(stdout) as { quartile: number }).quartile);
  }
  return times;
}
