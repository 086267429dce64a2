import type { Fault } from './fault.ts';
import { aborts } from './faults/aborts.ts';
import { answersByHalf } from './faults/answers-by-half.ts';
import { answersForAnother } from './faults/answers-for-another.ts';
import { answersTwice } from './faults/answers-twice.ts';
import { apiRestarts } from './faults/api-restarts.ts';
import { closesSocket } from './faults/closes-socket.ts';
import { eventByHalf } from './faults/event-by-half.ts';
import { eventDrips } from './faults/event-drips.ts';
import { exitsWith0 } from './faults/exits-with-0.ts';
import { exitsWith7 } from './faults/exits-with-7.ts';
import { fillsHeap } from './faults/fills-heap.ts';
import { freezeAndCut } from './faults/freeze-and-cut.ts';
import { freezePolling } from './faults/freeze-polling.ts';
import { freezePosting } from './faults/freeze-posting.ts';
import { freezeRunning } from './faults/freeze-running.ts';
import { hangs } from './faults/hangs.ts';
import { hasSegmentationFault } from './faults/has-segmentation-fault.ts';
import { isKilled } from './faults/is-killed.ts';
import { killedIdle } from './faults/killed-idle.ts';
import { largeEventByHalf } from './faults/large-event-by-half.ts';
import { leavesChild } from './faults/leaves-child.ts';
import { neverSettles } from './faults/never-settles.ts';
import { pollAnswered500 } from './faults/poll-answered-500.ts';
import { pollClosed } from './faults/poll-closed.ts';
import { pollReset } from './faults/poll-reset.ts';
import { postAnswered500 } from './faults/post-answered-500.ts';
import { postLost } from './faults/post-lost.ts';
import { postReset } from './faults/post-reset.ts';
import { postTooLarge } from './faults/post-too-large.ts';
import { receiptByHalf } from './faults/receipt-by-half.ts';
import { receiptLate } from './faults/receipt-late.ts';
import { rejectsUnheard } from './faults/rejects-unheard.ts';
import { throws } from './faults/throws.ts';
import { throwsLater } from './faults/throws-later.ts';
import { writesGarbage } from './faults/writes-garbage.ts';

/** Every way to fail that the run knows. */
export const ALL_FAULTS: readonly Fault[] = [
  aborts,
  answersByHalf,
  answersForAnother,
  answersTwice,
  apiRestarts,
  closesSocket,
  eventByHalf,
  eventDrips,
  exitsWith0,
  exitsWith7,
  fillsHeap,
  freezeAndCut,
  freezePolling,
  freezePosting,
  freezeRunning,
  hangs,
  hasSegmentationFault,
  isKilled,
  largeEventByHalf,
  killedIdle,
  leavesChild,
  neverSettles,
  pollAnswered500,
  pollClosed,
  pollReset,
  postAnswered500,
  postLost,
  postReset,
  postTooLarge,
  receiptByHalf,
  receiptLate,
  rejectsUnheard,
  throwsLater,
  throws,
  writesGarbage,
];
