// The worker of the pair: runs the handler and nothing else.
import { createServer, Socket } from 'node:net';
import { headerIn, wholeMessages, writeMessage } from './whole-messages.mjs';

const [, , path, handlerFile] = process.argv;
const { handler } = await import(handlerFile);

createServer({ pauseOnConnect: true }, (accepted) => {
  // As our own host does: Node reads into one buffer only where a connection is opened, not where it is accepted.
  const { _handle: handle } = accepted;
  accepted._handle = null;
  const onread = wholeMessages(async (head, event) => {
    const deadlineMs = Number(headerIn(head, 'Deadline-Ms: '));
    const context = {
      awsRequestId: headerIn(head, 'Id: '),
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    };
    const result = await handler(JSON.parse(event.toString()), context);
    writeMessage(socket, 'HTTP/1.1 200 OK', Buffer.from(JSON.stringify(result)));
  });
  const socket = new Socket({ handle, onread });
}).listen(path, () => process.stdout.write('listening'));
