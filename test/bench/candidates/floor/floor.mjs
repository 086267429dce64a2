// The least that one Node process can do: each event's bytes go back as they came, nothing is parsed but what frames
// them. One connection, one write for each answer.
import { connect } from 'node:net';

const RUNTIME = '/2018-06-01/runtime/invocation/';
const authority = process.env.AWS_LAMBDA_RUNTIME_API;
const [host, port] = authority.split(':');
const POLL = `GET ${RUNTIME}next HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;

const buffer = Buffer.allocUnsafe(8 * 1024 * 1024);
let filled = 0;
let waitsForEvent = true;

const socket = connect({
  host,
  port: Number(port),
  noDelay: true,
  onread: { buffer: Buffer.allocUnsafe(64 * 1024), callback: take },
});
socket.write(POLL);

function take(bytes, source) {
  source.copy(buffer, filled, 0, bytes);
  filled += bytes;
  const headEnd = buffer.subarray(0, filled).indexOf('\r\n\r\n') + 4;
  if (headEnd === 3) return true;
  const head = buffer.latin1Slice(0, headEnd);
  const end = headEnd + Number.parseInt(headerIn(head, 'Content-Length: '), 10);
  if (filled < end) return true;
  filled = 0;
  if (waitsForEvent) answer(headerIn(head, 'Lambda-Runtime-Aws-Request-Id: '), buffer.subarray(headEnd, end));
  else socket.write(POLL);
  waitsForEvent = !waitsForEvent;
  return true;
}

function headerIn(head, name) {
  const start = head.indexOf(name) + name.length;
  return head.slice(start, head.indexOf('\r\n', start));
}

function answer(requestId, body) {
  const head = `POST ${RUNTIME}${requestId}/response HTTP/1.1\r\nHost: ${authority}\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
}
