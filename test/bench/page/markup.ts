/** Text that is HTML or SVG already and goes into other markup as it is. */
export interface Markup {
  readonly markup: string;
}

/** What can stand in a template: text is escaped, markup and lists are put in, `undefined` and `false` are nothing. */
export type Part = string | number | Markup | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Makes text harmless within elements and quoted attributes; control characters, which no document may hold, go.
 *
 * @param text any text, for example a name from the command line
 * @returns the text with entities
 */
export function escapeText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cs}/gu, '')
      .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
  );
}

/**
 * Tag of templates that hold HTML or SVG: everything put in is escaped unless it is markup itself.
 *
 * @returns markup
 */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, at) => text + print(parts[at])).join('') };
}

function print(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map(print).join('');
}
