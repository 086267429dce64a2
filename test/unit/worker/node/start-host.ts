import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { PROTOCOL_VERSION } from '../../../../worker/protocol.ts';

const HOST = join(import.meta.dirname, '../../../../worker/node/host.ts');
const TOKEN = 'a token of the tests';
const WITHOUT_RIGHTS = ['/usr/bin/setpriv', '--inh-caps=-all', '--bounding-set=-all'];

export interface StartOptions {
  readonly handler?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Makes another go line. */
  readonly goLine?: (folder: string) => string;
  /** Leaves a file where the socket is to be. */
  readonly staleSocket?: boolean;
  /** Ends standard input as soon as the function writes to standard output. */
  readonly endStdinOnOutput?: boolean;
  /** Takes all rights from the function's files; root is run without its right to read them all the same. */
  readonly unreadable?: boolean;
  /** Another host than Node's, as it is started. */
  readonly command?: readonly string[];
}

export interface HostAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The parsed body, where it is JSON. */
  readonly json: Record<string, unknown>;
  readonly trailers: NodeJS.Dict<string>;
}

/** A host in a process of its own, with the descriptors that a bootstrap would give it. */
export interface TestHost {
  readonly pid: number;
  readonly socketPath: string;
  readonly token: string;
  /** The first line on descriptor 3: ready or init error. */
  readonly firstLine: Record<string, unknown>;
  /** `lines`: all that it wrote on descriptor 3. */
  readonly exit: Promise<{ code: number | null; stdout: string; stderr: string; lines: string }>;
  invoke(event?: string | Buffer, headers?: OutgoingHttpHeaders): Promise<HostAnswer>;
  send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body?: string | Buffer,
  ): Promise<HostAnswer>;
  /** Sends an invocation and leaves the rest to the test. */
  open(event: string): ClientRequest;
  /** Resolves with the next piece that the function writes to standard output. */
  output(): Promise<unknown>;
  closeStdin(): void;
}

/**
 * Lays files into a new folder, starts the real host over them and waits for its first line.
 * @param test - the test, at whose end process and files are gone
 * @param files - texts by path
 * @param options - what differs from the defaults
 * @returns the host
 */
export async function startHost(
  test: TestContext,
  files: Readonly<Record<string, string>>,
  options: StartOptions = {},
): Promise<TestHost> {
  const root = mkdtempSync(join(tmpdir(), 'pilotlight-host-'));
  const folder = join(root, 'function');
  for (const [path, text] of Object.entries({ '.keep': '', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: options.unreadable ? 0 : 0o644 });
  }
  const socketPath = join(root, 'host.sock');
  const command = [
    ...(options.unreadable && process.getuid?.() === 0 ? WITHOUT_RIGHTS : []),
    ...(options.command ?? [process.execPath, HOST]),
  ];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: root,
    env: { NODE_NO_WARNINGS: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [stdout, stderr, lines] = [child.stdout, child.stderr, child.stdio[3] as Readable].map(collect);
  const closed = once(child, 'close');
  test.after(async () => {
    child.kill('SIGKILL');
    await closed;
    rmSync(root, { recursive: true });
  });
  if (options.endStdinOnOutput) child.stdout.once('data', () => child.stdin.end());
  if (options.staleSocket) writeFileSync(socketPath, '');
  const go = { kind: 'go', protocol: PROTOCOL_VERSION, socket: socketPath, token: TOKEN, folder };
  child.stdin.write(
    `${options.goLine?.(folder) ?? JSON.stringify({ ...go, handler: options.handler ?? 'function.handler' })}\n`,
  );
  const send: TestHost['send'] = (method, path, headers, body) =>
    exchange({ socketPath, method, path, headers }, body);
  const firstLine = await Promise.race([lines?.line, closed.then(() => lines?.text())]);
  return {
    pid: child.pid ?? 0,
    socketPath,
    token: TOKEN,
    firstLine: JSON.parse(firstLine || '{}'),
    exit: closed.then(([code]) => ({
      code,
      stdout: stdout?.text() ?? '',
      stderr: stderr?.text() ?? '',
      lines: lines?.text() ?? '',
    })),
    send,
    invoke: (event = '{}', headers = {}) =>
      send('POST', '/invocations/id-1', { 'pilotlight-token': TOKEN, ...headers }, event),
    open: (event) => {
      const headers = { 'pilotlight-token': TOKEN };
      const sent = request({ socketPath, method: 'POST', path: '/invocations/lost', headers, agent: false });
      return sent.on('error', () => undefined).end(event);
    },
    output: () => once(child.stdout, 'data'),
    closeStdin: () => child.stdin.end(),
  };
}

function collect(stream: Readable): { text(): string; line: Promise<string> } {
  let text = '';
  const line = Promise.withResolvers<string>();
  stream.on('data', (chunk: Buffer) => {
    text += chunk;
    if (text.includes('\n')) line.resolve(text.slice(0, text.indexOf('\n')));
  });
  return { text: () => text, line: line.promise };
}

async function exchange(
  options: { socketPath: string; method: string; path: string; headers: OutgoingHttpHeaders },
  body: string | Buffer = '',
): Promise<HostAnswer> {
  const sent = request({ ...options, agent: false, headers: { host: 'worker', ...options.headers } });
  // As bytes: Node would send the headers along with a text in the text's encoding.
  sent.end(Buffer.from(body));
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const { statusCode: status, headers: responseHeaders, trailers } = response;
  const json = responseHeaders['content-type'] === 'application/json' ? JSON.parse(text) : undefined;
  return { status, headers: responseHeaders, text, json, trailers };
}
