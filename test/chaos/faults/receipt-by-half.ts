import type { Fault } from '../fault.ts';

/** The answer arrived, and the word of it breaks off. */
export const receiptByHalf: Fault = {
  name: 'receipt by half',
  side: 'post',
  repeats: 1,
  answerPost(post) {
    post.socket?.end('HTTP/1.1 202 Accepted\r\nContent-Length: 16\r\n\r\n{"stat');
  },
};
