import { main } from './main.ts';

/** Could not measure; see the exit codes of core, which `--help` does not load. */
const couldNotMeasure = 4;

// A reader that has left, as in `perfkeel run | head`, changes no verdict. Any other failure to write is one.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout) process.stderr.write(`error  cannot write the report: ${error.message}\n`);
    process.exit(couldNotMeasure);
  });
}

// A fault of our own must not look like a missed objective, which is what Node's exit code 1 means here.
process.on('uncaughtException', (error) => {
  process.stderr.write(`error  perfkeel failed: ${error.stack ?? error.message}\n`);
  process.exit(couldNotMeasure);
});

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  onSignal: (listener) => {
    process.on('SIGINT', listener);
    process.on('SIGTERM', listener);
  },
});
