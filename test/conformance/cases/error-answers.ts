import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import { NEXT_PATH } from '../kit.ts';
import { HANDLERS, RUNTIME_API } from './sources.ts';

/** A refusal of an answer: the caller has one already, so none may follow. */
function refusal(
  name: string,
  status: number,
  errorType: string,
  clause: string,
  action: 'echo' | 'throw',
): ConformanceCase {
  return {
    name,
    clause,
    source: HANDLERS,
    does: `answers ${action === 'echo' ? 'a result' : 'an error'} with ${status} ${errorType}`,
    expects: 'a poll or the end; no second answer',
    needs: [action],
    async run(kit) {
      const answer = await kit.ask({ body: { action, message: 'on purpose' } });
      answer.answer(status, { errorMessage: 'scripted', errorType });
      await kit.pollOrEnd();
    },
  };
}

/** A failing poll: nothing else is tried instead. */
function refusedPoll(name: string, status: number, errorType: string, clause: string): ConformanceCase {
  return {
    name,
    clause,
    source: RUNTIME_API,
    does: `answers every poll with ${status} ${errorType}`,
    expects: 'the end after at most 30 tries, and polls alone until then',
    async run(kit) {
      await kit.endsAfter((request) => {
        assert.equal(request.path, NEXT_PATH);
        request.answer(status, { errorMessage: 'scripted', errorType });
      });
    },
  };
}

/** Lambda's refusals. */
export const errorAnswers: Group = {
  name: 'error answers',
  cases: [
    refusal(
      'refused-400',
      400,
      'InvalidRequestID',
      'An answer with an id that is over is refused and not repeated.',
      'echo',
    ),
    refusal(
      'refused-403',
      403,
      'InvalidStateTransition',
      'An answer out of order is refused and not repeated.',
      'echo',
    ),
    refusal(
      'refused-410',
      410,
      'InvokeTimeout',
      'An answer that is too late is refused and not repeated.',
      'echo',
    ),
    refusal(
      'refused-413',
      413,
      'RequestEntityTooLarge',
      'A 413 is the caller’s answer: no error follows.',
      'echo',
    ),
    refusal(
      'refused-error-400',
      400,
      'InvalidRequestID',
      'An error with an id that is over is refused and not repeated.',
      'throw',
    ),
    refusal(
      'refused-error-410',
      410,
      'InvokeTimeout',
      'An error that is too late is refused and not repeated.',
      'throw',
    ),
    refusedPoll(
      'refused-poll-403',
      403,
      'InvalidStateTransition',
      'A poll out of order stays refused: the runtime ends.',
    ),
    refusedPoll('refused-poll-500', 500, 'InternalServerError', 'After a 500 a runtime ends promptly.'),
    {
      name: 'refused-500',
      clause: 'After a 500 a runtime ends promptly: its environment cannot recover.',
      source: RUNTIME_API,
      does: 'answers a result with 500',
      expects: 'the end, at the latest with the next poll, which gets a 500 too',
      async run(kit) {
        (await kit.ask({})).answer(500, { errorMessage: 'scripted', errorType: 'InternalServerError' });
        await kit.endsAfter((request) => {
          assert.ok(!request.path.endsWith('/error'), 'an error after a result');
          request.answer(500);
        });
      },
    },
    {
      name: 'refused-poll-without-id',
      clause: 'An answer to a poll without an id is no event: the function is not run.',
      source: RUNTIME_API,
      does: 'answers polls with 200 and no request id',
      expects: 'the end after at most 30 tries, and no result',
      async run(kit) {
        await kit.endsAfter((request) => {
          assert.ok(!request.path.endsWith('/response'), `answered ${request.path}`);
          request.answer(200, { action: 'echo' });
        });
      },
    },
    {
      name: 'refused-with-large-body',
      clause: 'The body of a refusal is of no concern, however large.',
      source: HANDLERS,
      does: 'answers a result with 400 and 200 kB',
      expects: 'a poll or the end',
      async run(kit) {
        (await kit.ask({})).answer(400, 'x'.repeat(200_000));
        await kit.pollOrEnd();
      },
    },
  ],
};
