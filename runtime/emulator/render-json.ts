import type { ServerResponse } from 'node:http';

/** Sends JSON with a line break at its end, as the Runtime API does. */
export function renderJson(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
