import type { Group } from '../case.ts';
import { chunkedAndSplit } from './chunked-and-split.ts';
import { concurrency } from './concurrency.ts';
import { connections } from './connections.ts';
import { deadlines } from './deadlines.ts';
import { errorAnswers } from './error-answers.ts';
import { extensions } from './extensions.ts';
import { functionErrors } from './function-errors.ts';
import { headersIn } from './headers-in.ts';
import { headersOut } from './headers-out.ts';
import { initErrors } from './init-errors.ts';
import { logFormatJson } from './log-format-json.ts';
import { logFrames } from './log-frames.ts';
import { logLines } from './log-lines.ts';
import { nonce } from './nonce.ts';
import { oddJson } from './odd-json.ts';
import { order } from './order.ts';
import { replay } from './replay.ts';
import { signals } from './signals.ts';
import { sizes } from './sizes.ts';
import { snapshots } from './snapshots.ts';
import { streaming } from './streaming.ts';
import { traceId } from './trace-id.ts';
import { unicode } from './unicode.ts';
import { variables } from './variables.ts';

/** All cases, in the order of the table. */
export const GROUPS: readonly Group[] = [
  order,
  headersIn,
  headersOut,
  oddJson,
  sizes,
  unicode,
  chunkedAndSplit,
  connections,
  errorAnswers,
  functionErrors,
  streaming,
  concurrency,
  signals,
  variables,
  traceId,
  deadlines,
  replay,
  nonce,
  initErrors,
  logLines,
  logFormatJson,
  logFrames,
  snapshots,
  extensions,
];
