import type { ServerResponse } from 'node:http';

/** Status and side at fault of each error that the Lambda API answers with here. */
const TABLE = {
  ResourceNotFoundException: { status: 404, type: 'User' },
  UnknownOperationException: { status: 404, type: 'User' },
  InvalidRequestContentException: { status: 400, type: 'User' },
  InvalidParameterException: { status: 400, type: 'User' },
  InvalidParameterValueException: { status: 400, type: 'User' },
  ValidationException: { status: 400, type: 'User' },
  RequestTooLargeException: { status: 413, type: 'User' },
  RequestEntityTooLargeException: { status: 413, type: 'User' },
  ResourceConflictException: { status: 409, type: 'User' },
  PreconditionFailedException: { status: 412, type: 'User' },
  TooManyRequestsException: { status: 429, type: 'User' },
  AccessDeniedException: { status: 403, type: 'User' },
  NotImplementedException: { status: 501, type: 'Server' },
  ServiceException: { status: 500, type: 'Server' },
} as const;

export type ServiceErrorName = keyof typeof TABLE;

/** An error of the Lambda API, as opposed to one of a function. */
export class ServiceError extends Error {
  readonly status: number;
  readonly type: 'User' | 'Server';
  override readonly name: ServiceErrorName;
  /** What clients find as `Reason`, where AWS gives one. */
  readonly reason: string | undefined;

  constructor(name: ServiceErrorName, message: string, reason?: string) {
    super(message);
    this.reason = reason;
    this.name = name;
    this.status = TABLE[name].status;
    this.type = TABLE[name].type;
  }
}

/**
 * Answers with an error in the form that the SDKs read: its name in a header, its message under both spellings, since
 * AWS uses either.
 */
export function renderServiceError(response: ServerResponse, error: ServiceError): void {
  const { message, type, reason } = error;
  const body = JSON.stringify({ Type: type, Message: message, message, Reason: reason });
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-amzn-errortype': error.name,
    ...(error.status === 429 ? { 'retry-after': '1' } : {}),
  });
  response.end(body);
}
