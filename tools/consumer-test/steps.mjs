const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const indented = (text) => text.trimEnd().replace(/^/gm, '      ');

/** Runs named steps one after the other, prints a line for each, and counts. */
export function createSteps() {
  let passed = 0;
  const failed = [];

  /** Returns what the work returned, or `undefined` when it threw. A text, or `note` of an object, is shown. */
  async function step(name, work) {
    const start = performance.now();
    try {
      const result = (await work()) ?? {};
      passed += 1;
      const note = typeof result === 'string' ? result : (result.note ?? '');
      console.log(`ok    ${name.padEnd(32)} ${seconds(start).padStart(7)}  ${note}`);
      return result;
    } catch (error) {
      failed.push(name);
      console.log(`FAIL  ${name.padEnd(32)} ${seconds(start).padStart(7)}\n${indented(error.message)}`);
      return undefined;
    }
  }

  function finish() {
    if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
    console.log(`\n${passed} passed, ${failed.length} failed`);
    process.exitCode = failed.length > 0 ? 1 : 0;
  }

  return { step, finish };
}
