import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { serveRuntimeApi } from './api-connection.ts';
import { ClosedLoop, type LoopEvents } from './closed-loop.ts';
import type { DriverTask } from './protocol.ts';

/** A Runtime API that serves one environment. */
export interface ServedTask {
  readonly port: number;
  /** Goes on after the warm-up. */
  measure(): void;
  /** Closes all connections and the port. */
  close(): Promise<void>;
}

/**
 * Serves the Runtime API on a free port and sends events to whoever asks for them.
 *
 * @param task how many events of what kind
 * @param events what is told
 */
export async function serveTask(task: DriverTask, events: LoopEvents): Promise<ServedTask> {
  const sockets = new Set<Socket>();
  const loop = new ClosedLoop(task, events);
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveRuntimeApi(socket, loop);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    measure: () => loop.measure(),
    async close() {
      loop.close();
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
