import type { Fault } from '../fault.ts';

/** An environment that is frozen while it waits, and whose event is there when it goes on. */
export const freezePolling: Fault = {
  name: 'frozen while polling',
  side: 'poll',
  async deliver(poll, { headers, body }, { freeze }) {
    await freeze();
    poll.writeHead(200, headers).end(body);
  },
};
