// The worker of the pair: sends each request's body back.
import { createServer, Socket } from 'node:net';
import { wholeMessages, writeMessage } from './whole-messages.mjs';

createServer({ pauseOnConnect: true }, (accepted) => {
  // As our own host does: Node reads into one buffer only where a connection is opened, not where it is accepted.
  const { _handle: handle } = accepted;
  accepted._handle = null;
  const onread = wholeMessages((_head, event) => writeMessage(socket, 'HTTP/1.1 200 OK', event));
  const socket = new Socket({ handle, onread });
}).listen(process.argv[2], () => process.stdout.write('listening'));
