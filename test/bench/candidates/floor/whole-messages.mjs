// The least that reads HTTP/1.1: messages with a Content-Length, spelt as our own side and the driver spell it.
const LARGEST = 8 * 1024 * 1024;

/** What `onread` of a connection wants; `take` gets the head as text and the body as a view that is valid meanwhile. */
export function wholeMessages(take) {
  const message = Buffer.allocUnsafe(LARGEST);
  let filled = 0;
  return {
    buffer: Buffer.allocUnsafe(64 * 1024),
    callback(bytes, source) {
      source.copy(message, filled, 0, bytes);
      filled += bytes;
      const headEnd = message.subarray(0, filled).indexOf('\r\n\r\n') + 4;
      if (headEnd === 3) return true;
      const head = message.latin1Slice(0, headEnd);
      const end = headEnd + Number.parseInt(headerIn(head, 'Content-Length: '), 10);
      if (filled < end) return true;
      filled = 0;
      take(head, message.subarray(headEnd, end));
      return true;
    },
  };
}

export function headerIn(head, name) {
  const start = head.indexOf(name) + name.length;
  return head.slice(start, head.indexOf('\r\n', start));
}

/** Head and body in one write. */
export function writeMessage(socket, startLine, body) {
  const head = `${startLine}\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
}
