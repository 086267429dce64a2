import type { ServerResponse } from 'node:http';
import type { UrlAnswer } from './url-answer.ts';
import type { UrlHead } from './url-head.ts';

const FAILED = 'Internal Server Error';

/** Sends status and headers; the body that follows is sent in chunks. */
export function writeUrlHead(response: ServerResponse, head: UrlHead): void {
  for (const [name, values] of head.headers) response.setHeader(name, values);
  // Without a body the length is what the function says it would have.
  if (head.contentLength !== undefined && (response.req.method === 'HEAD' || head.statusCode === 304)) {
    response.setHeader('content-length', head.contentLength);
  }
  response.writeHead(head.statusCode);
}

/** Sends a whole answer. */
export function renderUrlAnswer(response: ServerResponse, answer: UrlAnswer): void {
  const { statusCode, body } = answer;
  if (statusCode !== 204 && statusCode !== 304) response.setHeader('content-length', body.length);
  writeUrlHead(response, answer);
  response.end(body);
}

/** Sends what a caller gets of a function that failed: nothing of the error itself. */
export function renderUrlFailure(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'application/json', 'content-length': FAILED.length });
  response.end(FAILED);
}
