import { type Greeting, greet } from './greet.ts';

/** The part of Deno's own API that is used here, for compilers that do not know it. */
declare const Deno: {
  readonly version: { readonly deno: string };
  readTextFile(path: URL): Promise<string>;
};

const TEXTS = JSON.parse(await Deno.readTextFile(new URL('./texts.json', import.meta.url)));

/** Greets in a language; Deno runs the file as it is, nothing is bundled. */
export async function handler(event: { name?: string; language?: string } | null): Promise<Greeting> {
  const { name = 'world', language = 'en' } = event ?? {};
  return greet(TEXTS[language] ?? TEXTS.en, name, `Deno ${Deno.version.deno}`);
}
