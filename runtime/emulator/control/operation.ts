import type { IncomingMessage } from 'node:http';
import { type FunctionName, parseFunctionName } from '../function-name.ts';
import type { Control } from './control.ts';

/** A call of an operation, as far as it is known from its address. */
export interface Call {
  readonly control: Control;
  /** What stands in the path for each `{}`, as it was sent. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
}

/** What an operation answers; without a body nothing is sent. */
export interface ControlAnswer {
  readonly status: number;
  readonly body?: object;
}

/** One operation of the Lambda API. */
export interface Operation {
  readonly method: string;
  readonly path: RegExp;
  run(call: Call): ControlAnswer | Promise<ControlAnswer>;
}

/**
 * Describes an operation.
 *
 * @param route method and path as AWS's model has them, with `{}` for each part that varies
 */
export function operation(route: string, run: Operation['run']): Operation {
  const [method = '', path = ''] = route.split(' ');
  return { method, path: new RegExp(`^${path.replaceAll('{}', '([^/]+)')}/?$`), run };
}

/** The function that a call's path names first, with the qualifier of either path or query. */
export function calledFunction({ params, query }: Call): FunctionName {
  return parseFunctionName(params[0] ?? '', query.get('Qualifier') ?? undefined);
}

/** The part of a call's path at an index, decoded. */
export function decodedParam({ params }: Call, index: number): string {
  const text = params[index] ?? '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
