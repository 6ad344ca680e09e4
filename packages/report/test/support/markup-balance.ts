const voids = new Set(['meta', 'br', 'hr', 'link', 'col', '!doctype']);
const tag = /<(\/?)([!a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z][a-zA-Z0-9:-]*(?:="[^"<>]*")?)*)\s*(\/?)>/g;

/** What is wrong with the tags of a page: not closed, closed twice, or a `<` that begins none. Empty when all is well. */
export function tagProblems(html: string): readonly string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const rest = html
    .replace(/<style>[^<]*<\/style>/g, '')
    .replace(/<script>(?:(?!<\/)[\s\S])*<\/script>/g, '')
    .replace(tag, (_, close: string, name: string) => {
      const lower = name.toLowerCase();
      if (voids.has(lower)) return '';
      if (close === '') open.push(lower);
      else if (open.at(-1) === lower) open.pop();
      else problems.push(`</${lower}> closes <${open.at(-1) ?? 'nothing'}>`);
      return '';
    });
  if (/[<>]/.test(rest))
    problems.push(`stray angle bracket near ${JSON.stringify(/.{0,30}[<>].{0,30}/.exec(rest)?.[0])}`);
  return [...problems, ...open.map((name) => `<${name}> is not closed`)];
}
