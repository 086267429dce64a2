import { z } from 'zod';
import { type Call, type ControlAnswer, calledFunction, operation } from './operation.ts';
import { readInput } from './read-input.ts';

const PUT_INPUT = z.object({ ReservedConcurrentExecutions: z.int().min(0) });

/** What limits how often a function runs at a time. */
export const CONCURRENCY_OPERATIONS = [
  operation('PUT /2017-10-31/functions/{}/concurrency', putFunctionConcurrency),
  operation('GET /2019-09-30/functions/{}/concurrency', (call) => ({ status: 200, body: render(call) })),
  operation('DELETE /2017-10-31/functions/{}/concurrency', deleteFunctionConcurrency),
];

async function putFunctionConcurrency(call: Call): Promise<ControlAnswer> {
  const record = call.control.functions.find(calledFunction(call));
  const input = await readInput(call.request, PUT_INPUT, { operation: 'PutFunctionConcurrency' });
  record.reserved = input.ReservedConcurrentExecutions;
  return { status: 200, body: render(call) };
}

function deleteFunctionConcurrency(call: Call): ControlAnswer {
  call.control.functions.find(calledFunction(call)).reserved = undefined;
  return { status: 204 };
}

function render(call: Call): object {
  return { ReservedConcurrentExecutions: call.control.functions.find(calledFunction(call)).reserved };
}
