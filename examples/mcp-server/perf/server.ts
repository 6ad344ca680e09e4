import { target } from 'perfkeel';

/** The built server, over pipes. Started for each session, and ended with it. */
export const overPipes = { command: ['node', 'dist/server.js'] };

/** The same over streamable HTTP, started before each round. */
export const overHttp = target({
  command: ['node', 'dist/server.js', '--http'],
  ready: /listening on (?<url>http:\/\/[^/]+)/,
});

/** An artifact without its last heading, so that there is something to find. */
export const decision = `# ADR-010: Documents are served with their sections

## Context

An agent that follows one rule reads the whole file of it. The seven files of patterns have 42 sections.

## Decision

From the 1st of July each section has an address of its own.

## Options

Smaller files: one page for each rule, and nobody finds anything. Doing nothing: a third of the context is not used.
`;

/** Arguments of every tool: some write, and so are called only because this names them. */
export const tools = {
  validate_artifact: { kind: 'decision', text: decision },
  resolve_artifact_path: { id: 'US-017' },
  store_artifact: { path: 'artifacts/adr/ADR-010.md', text: decision },
  get_next_task: {},
  reserve_id_range: { kind: 'US', count: 3 },
};
