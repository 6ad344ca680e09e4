import { target } from 'perfkeel';

/** The built server, over pipes. Started for each session, and ended with it. */
export const overPipes = { command: ['node', 'dist/server.js'] };

/** The same over streamable HTTP, started before each round. */
export const overHttp = target({
  command: ['node', 'dist/server.js', '--http'],
  ready: /listening on (?<url>http:\/\/[^/]+)/,
});

const text = '# A decision\n\n## Context\n\nIt was slow.\n\n## Decision\n\nMeasure first.\n';

/** Arguments of every tool: some write, and so are called only because this names them. */
export const tools = {
  validate_artifact: { text },
  resolve_artifact_path: { id: 'US-017' },
  store_artifact: { path: 'artifacts/us/US-017.md', text },
  get_next_task: {},
  reserve_id_range: { kind: 'US', count: 3 },
};
