import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 200;

/** Greets word by word: each is sent when it is there. */
export async function* handler({ name = 'world' }: { name?: string }): AsyncGenerator<string> {
  for (const word of ['Hello,', name, '- one', 'word', 'at', 'a', 'time']) {
    yield `${word} `;
    await delay(PAUSE_MS);
  }
}
