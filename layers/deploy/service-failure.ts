import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { ClientSettings } from './clients.ts';

/** What errors of the AWS SDK carry, as far as anything follows from it. */
interface SdkError extends Error {
  readonly code?: string;
  readonly errors?: readonly { readonly code?: string }[];
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/** Names that services and stand-ins of theirs have for a call that they do not know. */
const UNKNOWN_CALL = /^(?:UnknownOperation|NotImplemented|InvalidAction|UnknownError|SyntaxError)/;

/**
 * Says why a service could not be asked, and what to do.
 *
 * @param doing what was done, as `deploy "shop"`
 * @param error of the AWS SDK; what is an error of a verb already is returned as it is
 * @param settings of the client that was used
 */
export function serviceFailure(doing: string, error: unknown, settings: ClientSettings): ToolError {
  if (error instanceof ToolError) return error;
  const { name, message, code, errors, $metadata, $response } = error as SdkError;
  const fail = (why: string, next?: string) =>
    new ToolError('CANNOT', `Cannot ${doing}: ${why}`, {
      cause: error,
      ...(next === undefined ? {} : { next }),
    });
  const place = `"${String(settings.endpoint ?? 'AWS')}"`;
  if ([code, ...(errors ?? []).map((each) => each.code)].includes('ECONNREFUSED')) {
    return fail(
      `nothing answers at ${place}`,
      'pilotlight dev starts a local Lambda; or leave --endpoint-url out for AWS',
    );
  }
  const status = $response?.statusCode ?? $metadata?.httpStatusCode;
  if (UNKNOWN_CALL.test(name) && (status === 404 || status === 501 || status === 405 || status === 400)) {
    return fail(
      `the server at ${place} does not know a call that this needs (HTTP ${status}, ${name}: ${message})`,
    );
  }
  if (name === 'CredentialsProviderError') {
    return fail(message, 'name a profile with --profile, or a local Lambda with --endpoint-url');
  }
  if (message === 'Region is missing') return fail('no region is set', 'name one with --region');
  return fail(`${name}: ${message}`);
}
