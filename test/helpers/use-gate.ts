import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleaner } from './use-tmp.ts';

/** Something that a function waits for until the test says so. */
export interface Gate {
  /** Address whose answer comes when the gate is open. */
  readonly url: string;
  /** Resolves when the function stands before it. */
  readonly reached: Promise<void>;
  open(): void;
}

/** A gate that is closed; it goes with the test. */
export async function useGate(t: Cleaner): Promise<Gate> {
  const waiting = new Set<ServerResponse>();
  const reached = Promise.withResolvers<void>();
  let isOpen = false;
  const server = createServer((_request, response) => {
    reached.resolve();
    if (isOpen) response.end();
    else waiting.add(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    reached: reached.promise,
    open() {
      isOpen = true;
      for (const response of waiting) response.end();
    },
  };
}
