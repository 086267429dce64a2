import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';

const app = new Hono();

app.get('/greeting', (context) => {
  setCookie(context, 'greeted', 'yes', { httpOnly: true });
  return context.json({ greeting: `Hello, ${context.req.query('name') ?? 'world'}` });
});

app.post('/echo', async (context) => {
  const type = context.req.header('content-type') ?? 'application/octet-stream';
  return context.body(await context.req.arrayBuffer(), 200, { 'content-type': type });
});

export default app;
