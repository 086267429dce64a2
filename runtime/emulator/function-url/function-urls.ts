import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { FunctionDirectory } from '../function-directory.ts';
import type { FunctionName } from '../function-name.ts';
import { closeServer, listen } from '../listen.ts';
import { createUrlRoutes } from './url-routes.ts';

export type UrlMode = 'buffered' | 'stream';

/** What clients said of a function URL, under the API's names, and where it is. */
export interface FunctionUrl {
  /** With a slash at its end, as AWS gives it. */
  readonly address: string;
  readonly name: FunctionName;
  readonly createdMs: number;
  modifiedMs: number;
  mode: UrlMode;
  authType: string;
  cors: unknown;
}

interface Served extends FunctionUrl {
  readonly server: Server;
}

/** The function URLs of a local Lambda, each on a port of its own. */
export class FunctionUrls {
  readonly #directory: FunctionDirectory;
  readonly #options: { port: number; log: (line: string, functionName: string) => void };
  readonly #urls = new Map<string, Served>();
  /** What gets its URL back gets its port back. */
  readonly #ports = new Map<string, number>();
  #made = 0;

  /**
   * @param directory where the functions run
   * @param options `port` of the first, the others count up; 0 takes any. `log` takes why an answer could not be sent
   */
  constructor(
    directory: FunctionDirectory,
    options: { port: number; log: (line: string, functionName: string) => void },
  ) {
    this.#directory = directory;
    this.#options = options;
  }

  /** Addresses by the function's name, with its qualifier where it has one. */
  get addresses(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#urls].map(([key, { address }]) => [key, address]));
  }

  find(name: FunctionName): FunctionUrl | undefined {
    return this.#urls.get(keyOf(name));
  }

  /** The URLs of a function and of its aliases. */
  of(functionName: string): readonly FunctionUrl[] {
    return [...this.#urls.values()].filter(({ name }) => name.name === functionName);
  }

  /**
   * Gives a function, or an alias of one, its URL.
   *
   * @throws {ToolError} `CANNOT` when the port is taken
   */
  async open(
    name: FunctionName,
    facts: Pick<FunctionUrl, 'mode' | 'authType' | 'cors'>,
  ): Promise<FunctionUrl> {
    const key = keyOf(name);
    const directory = this.#directory;
    const server = createServer(
      { keepAliveTimeout: 0 },
      createUrlRoutes({
        get mode() {
          return url.mode;
        },
        arn: directory.arnOf(name),
        urlId: createHash('sha256').update(key).digest('hex').slice(0, 32),
        run: (invocation) => directory.run(name, invocation),
        log: (line) => this.#options.log(line, name.name),
      }),
    );
    const port = this.#ports.get(key) ?? this.#nextPort();
    const address = `${await listen(server, port, 'url-port')}/`;
    this.#ports.set(key, port);
    const createdMs = Date.now();
    const url: Served = { ...facts, address, name, createdMs, modifiedMs: createdMs, server };
    this.#urls.set(key, url);
    return url;
  }

  async close(name: FunctionName): Promise<void> {
    const key = keyOf(name);
    const url = this.#urls.get(key);
    this.#urls.delete(key);
    if (url !== undefined) await closeServer(url.server);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#urls.values()].map(({ name }) => this.close(name)));
  }

  #nextPort(): number {
    if (this.#options.port === 0) return 0;
    this.#made += 1;
    return this.#options.port + this.#made - 1;
  }
}

function keyOf({ name, qualifier }: FunctionName): string {
  return qualifier === undefined ? name : `${name}:${qualifier}`;
}
