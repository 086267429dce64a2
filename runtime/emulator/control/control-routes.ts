import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../service-error.ts';
import { ALIAS_OPERATIONS } from './alias-operations.ts';
import { CONCURRENCY_OPERATIONS } from './concurrency-operations.ts';
import type { Control } from './control.ts';
import { FUNCTION_OPERATIONS } from './function-operations.ts';
import { LAYER_OPERATIONS } from './layer-operations.ts';
import { POLICY_OPERATIONS } from './policy-operations.ts';
import { sendContent } from './send-content.ts';
import { TAG_OPERATIONS } from './tag-operations.ts';
import { UPDATE_OPERATIONS } from './update-operations.ts';
import { URL_OPERATIONS } from './url-operations.ts';
import { VERSION_OPERATIONS } from './version-operations.ts';

/** Every path of the Lambda API begins with a date. */
const API_PATH = /^\/20\d\d-\d\d-\d\d\//;

const OPERATIONS = [
  ...FUNCTION_OPERATIONS,
  ...UPDATE_OPERATIONS,
  ...VERSION_OPERATIONS,
  ...ALIAS_OPERATIONS,
  ...LAYER_OPERATIONS,
  ...URL_OPERATIONS,
  ...CONCURRENCY_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...TAG_OPERATIONS,
];

/**
 * Answers what is no invocation: the operations that find, make and change functions and layers.
 *
 * @param control what they work on
 * @param call path, query and the rest of the request
 * @throws {ServiceError} what the operation is refused with
 */
export async function routeControl(
  control: Control,
  { path, query, request }: { path: string; query: URLSearchParams; request: IncomingMessage },
  response: ServerResponse,
): Promise<void> {
  const target = request.headers['x-amz-target'];
  if (path === '/' && typeof target === 'string') {
    const { routeCloudWatch } = await import('../cloudwatch/cloudwatch-routes.ts');
    return routeCloudWatch(control, target, request, response);
  }
  if (request.method === 'GET' && (await sendContent(control, path, response))) return;
  for (const { method, path: pattern, run } of OPERATIONS) {
    if (method !== request.method) continue;
    const params = pattern.exec(path)?.slice(1);
    if (params === undefined) continue;
    const { status, body } = await run({ control, params, query, request });
    return render(response, status, body);
  }
  const operation = `${request.method} ${path}`;
  if (API_PATH.test(path)) {
    throw new ServiceError('NotImplementedException', `The local Lambda does not know "${operation}"`);
  }
  throw new ServiceError('UnknownOperationException', `"${operation}" is no operation of the Lambda API`);
}

function render(response: ServerResponse, status: number, body: object | undefined): void {
  if (body === undefined) return void response.writeHead(status).end();
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
