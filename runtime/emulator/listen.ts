import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ToolError } from '../cli/tool-error.ts';

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 takes any
 * @param option that chooses the port, for the error
 * @returns the address, without a slash at its end
 * @throws {ToolError} `CANNOT` when the port is taken or not to be had
 */
export async function listen(server: Server, port: number, option: string): Promise<string> {
  server.listen({ host: '127.0.0.1', port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const next = code === 'EADDRINUSE' ? `--${option} 0 takes any free port` : undefined;
    throw new ToolError('CANNOT', `Cannot listen on 127.0.0.1:${port}: ${message}`, {
      cause: error,
      ...(next === undefined ? {} : { next }),
    });
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Closes a server with all of its connections. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
