import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readBody } from '../read-body.ts';
import { renderJson } from '../render-json.ts';
import { headerOf } from '../runtime-response.ts';
import { RuntimeApiError } from '../runtime-session.ts';
import type { ExtensionSession } from './extension-session.ts';

const BASE_PATH = '/2020-01-01/extension/';
const MAX_BODY_BYTES = 1024 * 1024;
const NAME_HEADER = 'lambda-extension-name';
const FEATURES_HEADER = 'lambda-extension-accept-feature';
const ERROR_TYPE_HEADER = 'lambda-extension-function-error-type';
/** Given at the registration, sent with everything after it. */
export const EXTENSION_ID_HEADER = 'lambda-extension-identifier';

const REGISTRATION = z.object({ events: z.array(z.string()).optional() });

/** What a registration is answered with. */
export interface FunctionFacts {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly handler: string;
  readonly accountId: string;
}

/**
 * Answers a request to the Extensions API.
 *
 * @param session the state machine behind it
 * @param path of the request
 * @returns false when the path is not of this API
 * @throws {RuntimeApiError} what the request is refused with
 */
export async function routeExtension(
  session: ExtensionSession,
  facts: FunctionFacts,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (`${request.method} ${path}`) {
    case `POST ${BASE_PATH}register`:
      await register(session, facts, request, response);
      return true;
    case `GET ${BASE_PATH}event/next`:
      next(session, request, response);
      return true;
    case `POST ${BASE_PATH}init/error`:
    case `POST ${BASE_PATH}exit/error`:
      await fail(session, request, response);
      return true;
    default:
      return false;
  }
}

async function register(
  session: ExtensionSession,
  { accountId, ...facts }: FunctionFacts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { body } = await readBody(request, MAX_BODY_BYTES);
  const { events = [] } = parseRegistration(body ?? Buffer.alloc(0));
  const { id } = session.register(headerOf(request, NAME_HEADER) ?? '', events);
  const features = headerOf(request, FEATURES_HEADER)?.split(/, */) ?? [];
  response.setHeader(EXTENSION_ID_HEADER, id);
  renderJson(response, 200, features.includes('accountId') ? { ...facts, accountId } : facts);
}

function next(session: ExtensionSession, request: IncomingMessage, response: ServerResponse): void {
  const withdraw = session.poll(headerOf(request, EXTENSION_ID_HEADER), (event) => {
    response.setHeader('lambda-extension-event-identifier', randomUUID());
    renderJson(response, 200, event);
  });
  response.once('close', withdraw);
}

async function fail(session: ExtensionSession, request: IncomingMessage, response: ServerResponse) {
  await readBody(request, MAX_BODY_BYTES);
  const extension = session.find(headerOf(request, EXTENSION_ID_HEADER));
  const errorType = headerOf(request, ERROR_TYPE_HEADER);
  if (errorType === undefined) {
    throw new RuntimeApiError(403, 'Extension.MissingHeader', `Header "${ERROR_TYPE_HEADER}" is missing`);
  }
  renderJson(response, 202, { status: 'OK' });
  session.fail(extension.id, errorType);
}

function parseRegistration(body: Buffer): z.infer<typeof REGISTRATION> {
  try {
    return REGISTRATION.parse(body.length === 0 ? {} : JSON.parse(body.toString('utf8')));
  } catch {
    throw new RuntimeApiError(403, 'InvalidRequestFormat', 'Cannot parse the registration');
  }
}
