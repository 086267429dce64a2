import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { FunctionDirectory } from '../function-directory.ts';
import { closeServer, listen } from '../listen.ts';
import type { LocalFunction } from '../local-function.ts';
import { createUrlRoutes } from './url-routes.ts';

/** Function URLs that listen. */
export interface FunctionUrls {
  /** Addresses by the function's name, each with a slash at its end, as AWS gives them. */
  readonly urls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Gives each function that asks for a URL a port of its own.
 *
 * @param functions with their settings
 * @param directory where they run
 * @param options `port` of the first, the others count up; 0 takes any. `log` takes why an answer could not be sent
 * @throws {ToolError} `CANNOT` when a port is taken
 */
export async function startFunctionUrls(
  functions: readonly LocalFunction[],
  directory: FunctionDirectory,
  options: { port: number; log: (line: string, functionName: string) => void },
): Promise<FunctionUrls> {
  const servers: Server[] = [];
  const urls: Record<string, string> = {};
  const stop = async () => void (await Promise.all(servers.map(closeServer)));
  try {
    for (const { settings } of functions) {
      const { name, url: mode } = settings;
      if (mode === 'none') continue;
      const parsed = { name, qualifier: undefined };
      const { pool } = directory.find(parsed);
      const routes = createUrlRoutes({
        mode,
        arn: directory.arnOf(parsed),
        urlId: createHash('sha256').update(name).digest('hex').slice(0, 32),
        run: (invocation) => pool.run(invocation),
        log: (line) => options.log(line, name),
      });
      const server = createServer({ keepAliveTimeout: 0 }, routes);
      const port = options.port === 0 ? 0 : options.port + servers.length;
      urls[name] = `${await listen(server, port, 'url-port')}/`;
      servers.push(server);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls, stop };
}
