import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A result over the limit: Lambda tells the caller itself, and wants no error for it. */
export const postTooLarge: Fault = {
  name: 'refused with 413',
  side: 'post',
  errorType: ERROR_TYPES.tooLarge,
  isRefused: true,
  answerPost(post) {
    post
      .writeHead(413)
      .end(JSON.stringify({ errorType: 'RequestEntityTooLarge', errorMessage: 'Too large' }));
  },
};
