import express from 'express';

const app = express();

app.get('/greeting', (request, response) => {
  response.cookie('greeted', 'yes', { httpOnly: true });
  response.json({ greeting: `Hello, ${request.query.name ?? 'world'}` });
});

app.post('/echo', express.raw({ type: '*/*', limit: '6mb' }), (request, response) => {
  response.type(request.get('content-type') ?? 'application/octet-stream').send(request.body);
});

app.listen(process.env.PORT ?? 3000);
