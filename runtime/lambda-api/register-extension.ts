import type { Log } from '../log.ts';
import { openSideCalls } from './side-calls.ts';

const EXTENSION_PATH = '/2020-01-01/extension';
const IDENTIFIER_HEADER = 'lambda-extension-identifier';
const NO_EVENTS = Buffer.from('{"events":[]}');

/**
 * Registers the bootstrap as an extension without events: Lambda sends SIGTERM to environments that have an extension,
 * and kills all others without a word. To be called before the first poll, which closes the registration. Where it is
 * refused, as platforms without extensions do, that is logged, and the function works without its shutdown hooks.
 *
 * @param authority `host:port` as in `AWS_LAMBDA_RUNTIME_API`
 * @param stopping aborted when no further event is wanted
 * @param log where a refusal is told
 */
export async function registerExtension(authority: string, stopping: AbortSignal, log: Log): Promise<void> {
  const side = openSideCalls(authority, stopping);
  const answer = await side.call({
    method: 'POST',
    path: `${EXTENSION_PATH}/register`,
    lines: 'content-type: application/json\r\nlambda-extension-name: pilotlight\r\n',
    body: NO_EVENTS,
  });
  const identifier = answer?.header(IDENTIFIER_HEADER);
  if (answer?.status !== 200 || identifier === undefined) {
    const got = answer === undefined ? 'no answer' : `${answer.status} ${answer.text.trim()}`;
    log.warn(`shutdown hooks will not run: cannot register as an extension, got ${got}`);
    side.close();
    return;
  }
  // An extension's start is over when it asks for its first event, and that of the environment with it. None will come,
  // so nobody waits for it; the end of the wait is the end of the bootstrap.
  void side.call({
    method: 'GET',
    path: `${EXTENSION_PATH}/event/next`,
    lines: `${IDENTIFIER_HEADER}: ${identifier}\r\n`,
    waits: true,
  });
}
