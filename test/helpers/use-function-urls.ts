import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before } from 'node:test';
import { type TestFunction, type TestLambda, useLocalLambda } from './use-local-lambda.ts';

/**
 * Starts a local Lambda for all tests of a `describe`.
 *
 * @param functions by name, each with a URL
 * @returns `at` gives the address of a path at a function's URL, `log` all that was logged
 */
export function useFunctionUrls(functions: Readonly<Record<string, TestFunction>>) {
  const cleanings: (() => void | Promise<void>)[] = [];
  let lambda: TestLambda | undefined;
  before(async () => {
    lambda = await useLocalLambda({ after: (clean) => cleanings.unshift(clean) }, functions);
  });
  after(async () => {
    for (const clean of cleanings) await clean();
  });
  return {
    at: (name: string, path: string) => `${lambda?.urls[name]?.slice(0, -1)}${path}`,
    log: () => lambda?.lines.join('\n') ?? '',
  };
}

/**
 * Asks by `node:http`, which changes nothing in what it is given, and follows no redirect.
 *
 * @param url the address, whose path and query are sent as they stand
 * @param method the request's
 * @param headers of the request
 */
export async function askPlainly(url: string, method = 'GET', headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { hostname, port, origin } = new URL(url);
  const options = { hostname, port, path: url.slice(origin.length), method, headers, agent: false };
  request(options, resolve).once('error', reject).end();
  const answer = await promise;
  return { status: answer.statusCode, headers: answer.headers, text: String(await buffer(answer)) };
}
