// The Runtime API over one connection: a poll, an answer, a poll, as the bytes come.
import { connect } from 'node:net';
import { headerIn, wholeMessages, writeMessage } from './whole-messages.mjs';

const RUNTIME = '/2018-06-01/runtime/invocation/';
const authority = process.env.AWS_LAMBDA_RUNTIME_API;
const [host, port] = authority.split(':');
const POLL = `GET ${RUNTIME}next HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;

/** Polls for ever; `onEvent` gets the request id, the event, a view that is valid during the call only, and its head. */
export function serve(onEvent) {
  let waitsForEvent = true;
  const onread = wholeMessages((head, body) => {
    if (waitsForEvent) onEvent(headerIn(head, 'Lambda-Runtime-Aws-Request-Id: '), body, head);
    else socket.write(POLL);
    waitsForEvent = !waitsForEvent;
  });
  const socket = connect({ host, port: Number(port), noDelay: true, onread });
  socket.write(POLL);
  return (requestId, body) =>
    writeMessage(socket, `POST ${RUNTIME}${requestId}/response HTTP/1.1\r\nHost: ${authority}`, body);
}
