import { z } from 'zod';
import { parseFunctionName } from '../function-name.ts';
import type { FunctionRecord } from './function-record.ts';
import { type Call, type ControlAnswer, decodedParam, operation } from './operation.ts';
import { readInput } from './read-input.ts';
import { invalidParameter } from './refusals.ts';

// An ARN that came undecoded has no slash, so that one part of a path holds it either way.
const PATH = '/2017-03-31/tags/{}';
const TAG_INPUT = z.object({ Tags: z.record(z.string(), z.string()) });

/** What tags functions. */
export const TAG_OPERATIONS = [
  operation(`GET ${PATH}`, (call) => ({ status: 200, body: { Tags: Object.fromEntries(find(call).tags) } })),
  operation(`POST ${PATH}`, tagResource),
  operation(`DELETE ${PATH}`, untagResource),
];

async function tagResource(call: Call): Promise<ControlAnswer> {
  const { tags } = find(call);
  const { Tags } = await readInput(call.request, TAG_INPUT, { operation: 'TagResource' });
  for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
  return { status: 204 };
}

function untagResource(call: Call): ControlAnswer {
  const { tags } = find(call);
  for (const key of call.query.getAll('tagKeys')) tags.delete(key);
  return { status: 204 };
}

function find(call: Call): FunctionRecord {
  const name = parseFunctionName(decodedParam(call, 0), undefined);
  if (name.qualifier === undefined) return call.control.functions.find(name);
  throw invalidParameter(
    'Tags on function aliases and versions are not supported. Please specify a function ARN.',
  );
}
