import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PilotlightError } from '../../../runtime/errors.ts';
import type { LambdaApi } from '../../../runtime/lambda-api/client.ts';
import type { Answer, Invocation } from '../../../runtime/lambda-api/invocation.ts';
import { runLoop } from '../../../runtime/loop.ts';
import type { Workers } from '../../../runtime/supervisor/worker-pool.ts';

/** Runs one poller of several, whose Runtime API and worker do what a test says. */
function usePoller(t: { after(clean: () => void): void }) {
  const [polls, answers]: [((event: Invocation) => void)[], boolean[]] = [[], []];
  let answerIt: (answer: Answer) => void = () => {};
  let polled = () => {};
  const lambda = {
    next(onEvent: (event: Invocation) => void) {
      polls.push(onEvent);
      polled();
    },
    answer(...[, , onDone, , mayPoll]: Parameters<LambdaApi['answer']>) {
      answers.push(mayPoll);
      onDone();
    },
  } as unknown as LambdaApi;
  const worker = {
    isReady: true,
    forward(_: Invocation, onAnswer: (answer: Answer) => void) {
      answerIt = onAnswer;
    },
  } as unknown as Workers;
  const stopping = new AbortController();
  t.after(() => stopping.abort());
  void runLoop(lambda, worker, true, stopping.signal);
  return {
    polls,
    answers,
    answer: () => answerIt({} as Answer),
    untilPolled: () =>
      new Promise<void>((resolve) => {
        polled = resolve;
      }),
  };
}

/** An event that has so much time left. */
function event(leftMs: number): Invocation {
  const deadline = String(Date.now() + leftMs);
  return { header: (name: string) => (name.endsWith('deadline-ms') ? deadline : undefined) } as Invocation;
}

test('a poll may go out with an answer', (t) => {
  const { polls, answers, answer } = usePoller(t);
  polls[0]?.(event(60_000));
  answer();
  assert.deepEqual([answers, polls.length], [[true], 2]);
});

test('none goes out with an answer whose poller went on at the deadline', async (t) => {
  const { polls, answers, answer, untilPolled } = usePoller(t);
  // The timer that frees the poller keeps no process alive.
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  const freed = untilPolled();
  polls[0]?.(event(-60_000));
  await freed;
  answer();
  assert.deepEqual([answers, polls.length], [[false], 2]);
});

test('a runtime whose worker starts no more ends, also after an invocation that was given up', async () => {
  const hopeless = new PilotlightError('WORKER_START_FAILED', 'Cannot start a worker any more');
  const worker = { isReady: false, mustPoll: true, isHopeless: true, ready: () => Promise.reject(hopeless) };
  const lambda = { next: () => assert.fail('it polls') };
  const loop = runLoop(
    lambda as unknown as LambdaApi,
    worker as unknown as Workers,
    false,
    new AbortController().signal,
  );
  await assert.rejects(loop, hopeless);
});
