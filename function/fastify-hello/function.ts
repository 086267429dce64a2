import Fastify from 'fastify';

const app = Fastify({ bodyLimit: 6 * 1024 * 1024 });

app.get<{ Querystring: { name?: string } }>('/greeting', async (request, reply) => {
  reply.header('set-cookie', 'greeted=yes; Path=/; HttpOnly');
  return { greeting: `Hello, ${request.query.name ?? 'world'}` };
});

app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/echo', async (request, reply) => {
  return reply.type(request.headers['content-type'] ?? 'application/octet-stream').send(request.body);
});

app.listen({ port: Number(process.env.PORT ?? 3000) });
