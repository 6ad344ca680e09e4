/** The tools of the tiny server, with the faults that a measurement has to notice. */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const text = (what) => ({ content: [{ type: 'text', text: what }] });

/** Stands for an answer that is never sent. */
export const nothing = Symbol('nothing');

export const count = { requests: 0, hits: 0, misses: 0, calls: {} };
export const subscribed = new Set();

const underWay = new Map();
let kept = [];
const hoard = [];

/** A request that nobody waits for any more. */
export const cancel = (id) => underWay.get(id)?.();

/** When it is cancelled it `answers` with an error, is `silent`, or is `deaf` and goes on; `late` is deaf without progress. */
async function long({ ms = 300, how = 'answers' }, { id, token, say }) {
  let cancelled = false;
  underWay.set(id, () => (cancelled = true));
  try {
    for (let spent = 0; spent < ms; spent += 10) {
      await sleep(10);
      if (how !== 'late' && token !== undefined) {
        say({ method: 'notifications/progress', params: { progressToken: token, progress: spent } });
      }
      if (cancelled && how === 'answers') throw Object.assign(new Error('cancelled'), { code: -32800 });
      if (cancelled && how === 'silent') return nothing;
    }
    return text('done');
  } finally {
    underWay.delete(id);
  }
}

/** Reads, waits and writes: whoever writes meanwhile is forgotten. */
async function put({ mark }) {
  const all = [...kept, mark];
  await sleep(2);
  kept = all;
  return text('kept');
}

function touch({ how }, { say }) {
  const dropped = how === 'forgetful' && (count.calls.touch ?? 0) % 2 === 0;
  if (!dropped) for (const uri of subscribed) say({ method: 'notifications/resources/updated', params: { uri } });
  return text('touched');
}

const tools = {
  fails: () => ({ ...text('no'), isError: true }),
  slow: () => sleep(60).then(() => text('slow')),
  counters: () => text(JSON.stringify(count)),
  die: () => process.exit(7),
  busy: () => text(String(underWay.size)),
  put,
  'put-safe': ({ mark }) => text(String(kept.push(mark))),
  all: () => text(kept.join('\n')),
  hoard: ({ bytes }) => text(String(hoard.push(Buffer.alloc(bytes, 1)))),
  huge: ({ bytes }) => text('x'.repeat(bytes)),
  long,
  touch,
};

/** Everything else says what it was called with. */
export async function callTool({ name, arguments: args, _meta: meta }, context) {
  count.calls[name] = (count.calls[name] ?? 0) + 1;
  const token = meta?.progressToken;
  return tools[name]?.(args ?? {}, { ...context, token }) ?? text(`${name} ${JSON.stringify(args ?? {})}`);
}
