import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** The answer arrived, and the word of it takes its time. */
export const receiptLate: Fault = {
  name: 'receipt is late',
  side: 'post',
  async answerPost(post, { pauseMs }) {
    await delay(pauseMs);
    post.writeHead(202).end('{"status":"OK"}\n');
  },
};
