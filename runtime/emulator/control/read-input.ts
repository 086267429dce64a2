import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { readBody } from '../read-body.ts';
import { ServiceError } from '../service-error.ts';

/** Of a request with a zip in base64; that is what 52,428,800 bytes become. */
export const MAX_UPLOAD_BYTES = 69_905_067;
const MAX_INPUT_BYTES = 6 * 1024 * 1024;

/** What reading an operation's input needs to know of it. */
export interface InputOptions {
  /** Name of the operation, for errors. */
  readonly operation: string;
  /** Most bytes of the body; 6 MiB unless said. */
  readonly maxBytes?: number;
}

/**
 * Reads the JSON that an operation was sent.
 *
 * @param schema what it has to be; what it does not name is left out
 * @throws {ServiceError} `RequestEntityTooLargeException`, `InvalidRequestContentException` or `ValidationException`
 */
export async function readInput<T>(
  request: IncomingMessage,
  schema: z.ZodType<T>,
  { operation, maxBytes = MAX_INPUT_BYTES }: InputOptions,
): Promise<T> {
  const { body } = await readBody(request, maxBytes);
  if (body === undefined) {
    throw new ServiceError(
      'RequestEntityTooLargeException',
      `Request must be smaller than ${maxBytes} bytes for the ${operation} operation`,
    );
  }
  const parsed = schema.safeParse(parseJson(body.toString('utf8')));
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const details = issues.map(({ path, message }) => `at '${path.join('.')}': ${message}`).join('; ');
  const count = `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected`;
  throw new ServiceError('ValidationException', `${count}: ${details}`);
}

function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}
