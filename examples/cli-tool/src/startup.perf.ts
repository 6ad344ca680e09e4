import { startup } from 'perfkeel';

const group = 'start';

// For scale: no program starts faster than Node does.
startup('node alone', { group, command: ['node', 'src/empty.mjs'], objectives: ['median < 3s'] });

startup('--version, commands on demand', {
  group,
  command: ['node', 'src/cli.mjs', '--version'],
  objectives: ['median < 3s'],
});

startup('--version, all commands at once', {
  group,
  command: ['node', 'src/cli-eager.mjs', '--version'],
  objectives: ['median < 3s'],
});

startup('serve until it listens', {
  group,
  command: ['node', 'src/cli.mjs', 'serve', 'src', '--port', '{port}'],
  ready: /serving at http/,
  objectives: ['median < 3s'],
});
