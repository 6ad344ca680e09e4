import { plainText } from '@perfkeel/core';

declare const safe: unique symbol;

/** Text that is already HTML or SVG. Only `el`, `text`, `style` and `script` make it, so foreign text cannot get in unescaped. */
export type Markup = string & { readonly [safe]: true };

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Most texts: nothing in them has a meaning of its own. */
const harmless = /^[\n\t !#-%(-;=?-~]*$/;

/** Escapes text for content and for attribute values; what moves a cursor or turns the writing round is left out. */
export function text(value: string | number): Markup {
  const said = String(value);
  if (harmless.test(said)) return said as Markup;
  return plainText(said).replace(/[&<>"']/g, (character) => entities[character]!) as Markup;
}

/** Two decimals: a hundredth of a pixel is enough. Numbers have nothing to escape, and pages have most of all numbers. */
export const attributeText = (value: string | number): Markup =>
  typeof value === 'number' ? (String(hundredths(value)) as Markup) : text(value);

/** What `toFixed` says, without its text: a product that is not near a half is rounded as the number itself is. */
function hundredths(value: number): number {
  const product = value * 100;
  const whole = Math.round(product);
  const clear = Math.abs(Math.abs(product - whole) - 0.5) > 1e-3 && Math.abs(product) < 1e9;
  return clear ? whole / 100 : Number(value.toFixed(2));
}

const voids = new Set(['meta', 'br', 'link', 'hr', 'col']);

// A line each, so that two reports can be compared by eye.
const blocks = new Set(
  'html head body title meta style header main footer section article h1 h2 h3 p table thead tbody tr ul li dl details summary figure figcaption svg g path circle line rect desc'.split(
    ' ',
  ),
);

/** One element. Attributes that are `undefined` or `false` are left out. */
export function el(
  name: string,
  attributes: Attributes = {},
  ...children: readonly (Markup | readonly Markup[])[]
): Markup {
  let written = '';
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined || value === false) continue;
    written += value === true ? ` ${key}` : ` ${key}="${attributeText(value)}"`;
  }
  const end = blocks.has(name) ? '\n' : '';
  if (voids.has(name)) return `<${name}${written}>${end}` as Markup;
  // What is added is kept in pieces until somebody reads it, what is joined is not: a list may be long.
  let content = '';
  for (const child of children) content += typeof child === 'string' ? child : child.join('');
  return `<${name}${written}>${content}</${name}>${end}` as Markup;
}

/** A style sheet of our own, never text from outside. */
export const style = (css: string): Markup => `<style>\n${css}</style>\n` as Markup;

/** A script of our own, never text from outside; it may hold no `</`. */
export const script = (code: string): Markup => `<script>\n${code}</script>\n` as Markup;

export const nothing = '' as Markup;
