import texts from './texts.json' with { type: 'json' };

/** The part of Bun's own API that is used here, for compilers that do not know it. */
declare const Bun: {
  readonly version: string;
  hash: { crc32(text: string): number };
};

/** Greets over HTTP as a server of Bun would; it runs the file as it is, nothing is bundled. */
export default {
  fetch(request: Request): Response {
    const name = new URL(request.url).searchParams.get('name') ?? 'world';
    const body = JSON.stringify({ greeting: texts.en.replace('{name}', name), by: `Bun ${Bun.version}` });
    const headers = { 'content-type': 'application/json', etag: `"${Bun.hash.crc32(body).toString(16)}"` };
    return new Response(body, { headers });
  },
};

/** Answers every other event. */
export function event({ name = 'world' }: { name?: string }): { greeting: string } {
  return { greeting: texts.en.replace('{name}', name) };
}
