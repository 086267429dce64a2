// Answers the event itself; what the benchmark asks of a handler in every language, as a web application.
import { createServer } from 'node:http';
import process from 'node:process';

const logging = process.env.BENCH_LOG === '1';

const server = createServer((request, response) => {
  // The adapter asks for `/` until the application is ready.
  if (request.method === 'GET') return response.end();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    // Any other type would come back in base64.
    response.setHeader('content-type', 'application/json');
    try {
      const answer = echo(JSON.parse(Buffer.concat(chunks)), request.headers['x-amzn-lambda-context']);
      response.end(JSON.stringify(answer));
    } catch (error) {
      response.statusCode = 500;
      response.end(JSON.stringify({ message: error.message }));
    }
  });
});
server.listen(Number(process.env.AWS_LWA_PORT), '127.0.0.1');

function echo(event, contextHeader) {
  const { request_id: requestId, deadline } = JSON.parse(contextHeader);
  if (!requestId || !(deadline - Date.now() > 0)) {
    throw new Error('Cannot read the context: request id or remaining time is missing');
  }
  if (logging) console.log(`handled ${requestId}`);
  return event;
}
