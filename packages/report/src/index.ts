export { renderHtml, type HtmlOptions } from './html/render-html.ts';
export { renderJson } from './json/render-json.ts';
export { markdownBudget, renderMarkdown, type MarkdownOptions } from './markdown/render-markdown.ts';
export { summaryLine } from './summary-line.ts';
export { renderTerminal } from './terminal/render-terminal.ts';
export { type TerminalOptions } from './terminal/terminal.ts';
