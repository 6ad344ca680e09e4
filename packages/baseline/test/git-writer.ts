/** Puts records on a git remote until it is killed, and names each one that is stored: `git-writer <clone> <transport>`. */
import { gitLog } from '@perfkeel/baseline';

const [repository = '', transport = ''] = process.argv.slice(2);
const log = gitLog({ repository, transport: transport === 'branch' ? 'branch' : 'refs' });
for (let i = 0; ; i++) {
  const key = `objects/${process.pid}-${i}`;
  await log.put(key, new TextEncoder().encode(key));
  process.stdout.write(`${key}\n`);
}
