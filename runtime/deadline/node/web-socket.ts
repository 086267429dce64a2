import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that carries texts. */
export interface WebSocketLink {
  send(text: string): void;
  close(): void;
  /** Settles when it is over, whoever closed it. */
  readonly closed: Promise<unknown>;
}

const HEAD_END = '\r\n\r\n';
const FINAL_TEXT = 0x81;
const OPCODE = 0x0f;
const TEXT = 0x1;
const CLOSE = 0x8;
const MAX_TEXT_BYTES = 1_000_000;
const MASKED = 0x80;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

/**
 * Connects to a WebSocket server on loopback. Node's own client takes tens of milliseconds to load, and the code that is
 * to be looked at runs meanwhile. Of the protocol this is what a debugger speaks: whole texts.
 *
 * Source: RFC 6455.
 *
 * @param port the server's
 * @param path of the request
 * @param onText told of each text
 * @throws Error when the server does not take the connection
 */
export async function connectWebSocket(
  port: number,
  path: string,
  onText: (text: string) => void,
): Promise<WebSocketLink> {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const key = randomBytes(16).toString('base64');
  const close = () => void socket.destroy();
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13${HEAD_END}`,
  );
  let rest = await readHead(socket, closed);
  const read = (data: Buffer) => {
    rest = takeFrames(Buffer.concat([rest, data]), onText, close);
  };
  // What follows it says all: the connection is closed.
  socket.on('error', () => {});
  socket.on('data', read);
  read(Buffer.alloc(0));
  return { send: (text) => void socket.write(frame(text)), close, closed };
}

/** Gives what came after the head. */
async function readHead(socket: Socket, closed: Promise<unknown>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (!head.includes(HEAD_END)) {
    const data = await Promise.race([once(socket, 'data'), closed]);
    if (!Array.isArray(data))
      throw new Error('Cannot open a WebSocket: the other side closed the connection');
    head = Buffer.concat([head, data[0] as Buffer]);
  }
  if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) {
    socket.destroy();
    throw new Error(`Cannot open a WebSocket: got "${head.toString('latin1').split('\r\n')[0]}"`);
  }
  return head.subarray(head.indexOf(HEAD_END) + HEAD_END.length);
}

function takeFrames(bytes: Buffer, onText: (text: string) => void, onClose: () => void): Buffer {
  let rest = bytes;
  while (rest.length >= 2) {
    const [opcode, short] = [rest.readUInt8(0) & OPCODE, rest.readUInt8(1)];
    const start = short === TWO_BYTES ? 4 : short === EIGHT_BYTES ? 10 : 2;
    if (rest.length < start) break;
    const length =
      start === 4 ? rest.readUInt16BE(2) : start === 10 ? Number(rest.readBigUInt64BE(2)) : short;
    if (length > MAX_TEXT_BYTES) onClose();
    if (rest.length < start + length) break;
    if (opcode === TEXT) onText(rest.toString('utf8', start, start + length));
    if (opcode === CLOSE) onClose();
    rest = rest.subarray(start + length);
  }
  return rest;
}

/** With a mask of zeros, which leaves the text as it is. */
function frame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = Buffer.alloc(14);
  head.writeUInt8(FINAL_TEXT, 0);
  head.writeUInt8(MASKED | EIGHT_BYTES, 1);
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.from(text)]);
}
