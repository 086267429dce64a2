/** That of the package; a literal, since reading it from a file would cost every cold start. */
export const VERSION = '0.1.0';

/**
 * Header lines by which Lambda books which runtime polls. It wants `aws-lambda-<language>/<version>` first and keeps no
 * more than 128 characters: the language is the function's, not ours, so our name stands there. The features say what the
 * release can do beyond the plain exchange of an event for an answer.
 */
export const RELEASE_LINES =
  `user-agent: aws-lambda-pilotlight/${VERSION}\r\n` +
  'lambda-runtime-features: invocation-id xray-cause\r\n';
