import type { Fault } from '../fault.ts';

/** The answer arrived, and the word of it breaks off. */
export const receiptByHalf: Fault = {
  name: 'receipt by half',
  side: 'post',
  repeats: 1,
  async answerPost({ req: { socket } }) {
    const half = 'HTTP/1.1 202 Accepted\r\nContent-Length: 16\r\n\r\n{"stat';
    await new Promise<void>((resolve) => void socket.end(half, resolve));
    // What was sent behind the answer is nobody's.
    socket.destroy();
  },
};
