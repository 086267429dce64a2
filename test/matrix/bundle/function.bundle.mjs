// The bundle that every interpreter runs in every mode. What it does, the event says in `does`.
import { errors } from './errors.mjs';
import { logs } from './logs.mjs';
import { values } from './values.mjs';

export const handler = async (event, context) => {
  switch (event.does) {
    case 'echo':
      return event.value;
    case 'answer':
      return values[event.value]();
    case 'fail':
      return await errors[event.value]();
    case 'log':
      return logs[event.value]();
    case 'context':
      return describe(context);
    default:
      throw new Error(`Cannot do "${event.does}"`);
  }
};

export const stream = awslambda.streamifyResponse(async (event, responseStream) => {
  if (event.does === 'fail early') throw new RangeError('before the first byte');
  if (event.does === 'prelude') {
    const prelude = { statusCode: 201, headers: { 'x-made-by': 'matrix' }, cookies: ['a=1', 'b=2'] };
    const response = awslambda.HttpResponseStream.from(responseStream, prelude);
    response.write('made');
    response.end();
    return;
  }
  responseStream.setContentType('text/plain');
  if (event.does === 'log') {
    logs[event.value]();
    responseStream.end('printed');
    return;
  }
  for (let count = 0; count < event.chunks; count += 1) {
    const room = responseStream.write(String(count % 10).repeat(event.chunkBytes));
    if (!room) await new Promise((resolve) => responseStream.once('drain', resolve));
  }
  if (event.does === 'fail late') throw new RangeError('after the last byte');
  responseStream.end();
});

function describe(context) {
  const { awsRequestId, getRemainingTimeInMillis, ...rest } = context;
  const remainingMs = context.getRemainingTimeInMillis();
  const names = Object.keys(process.env).filter((name) => /^(AWS_|LAMBDA_|_|TZ$|LANG$)/.test(name));
  return {
    ...rest,
    awsRequestId,
    keys: Object.keys(context).sort(),
    remaining: remainingMs > 1_000 && remainingMs <= 30_000 ? 'within the timeout' : remainingMs,
    remainingIs: typeof getRemainingTimeInMillis,
    trace: process.env._X_AMZN_TRACE_ID,
    folder: process.cwd() === process.env.LAMBDA_TASK_ROOT ? 'the task folder' : process.cwd(),
    // Of the shell that may have started it, and what only one interpreter has.
    variables: names.filter((name) => name !== '_').sort(),
  };
}
