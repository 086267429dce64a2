import { ServiceError } from './service-error.ts';

/** AWS's own pattern; its text is part of the error message. */
const PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?';
const NAME_GROUP = 11;
const QUALIFIER_GROUP = 13;
const MATCHER = new RegExp(`^${PATTERN}$`);

/** A function as a caller names it. */
export interface FunctionName {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/**
 * Reads a function's name from a path: plain, partial ARN or ARN, percent-encoded or not, with or without a qualifier.
 *
 * @param segment the path's segment as it was sent
 * @param qualifier from the query; may repeat the name's own
 * @throws {ServiceError} `ValidationException` or `InvalidParameterValueException`
 */
export function parseFunctionName(segment: string, qualifier: string | undefined): FunctionName {
  const text = decode(segment);
  const match = MATCHER.exec(text);
  const name = match?.[NAME_GROUP];
  if (name === undefined) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${PATTERN}`,
    );
  }
  const derived = match?.[QUALIFIER_GROUP];
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw new ServiceError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  return { name, qualifier: derived ?? qualifier };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
