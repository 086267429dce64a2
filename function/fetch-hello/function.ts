/** Greets over HTTP: the standard's own objects and nothing else. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/greeting') {
      const headers = { 'set-cookie': 'greeted=yes; Path=/; HttpOnly' };
      return Response.json({ greeting: `Hello, ${searchParams.get('name') ?? 'world'}` }, { headers });
    }
    if (pathname === '/echo') {
      const type = request.headers.get('content-type') ?? 'application/octet-stream';
      return new Response(await request.arrayBuffer(), { headers: { 'content-type': type } });
    }
    return new Response('Not found', { status: 404 });
  },
};

/** Greets whoever calls without HTTP. */
export async function event({ name }: { name?: string }): Promise<{ greeting: string }> {
  return { greeting: `Hello, ${name ?? 'world'}` };
}
