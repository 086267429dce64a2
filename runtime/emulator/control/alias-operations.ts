import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ServiceError } from '../service-error.ts';
import type { Alias } from './alias.ts';
import type { FunctionRecord } from './function-record.ts';
import { type Call, type ControlAnswer, calledFunction, decodedParam, operation } from './operation.ts';
import { pageOf } from './page.ts';
import { readInput } from './read-input.ts';
import { invalidParameter } from './refusals.ts';
import { requireRevision } from './require-revision.ts';

const PATH = '/2015-03-31/functions/{}/aliases';
const ALIAS_INPUT = z.object({
  FunctionVersion: z.string().optional(),
  Description: z.string().max(256).optional(),
  RoutingConfig: z
    .object({ AdditionalVersionWeights: z.record(z.string(), z.number().min(0).max(1)).optional() })
    .optional(),
  RevisionId: z.string().optional(),
});
const NAME = z
  .string()
  .regex(/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/, 'expected letters, digits, - and _, not digits alone');
const CREATE_INPUT = ALIAS_INPUT.extend({ Name: NAME, FunctionVersion: z.string() });

/** What makes aliases, finds them, changes them and ends them. */
export const ALIAS_OPERATIONS = [
  operation(`POST ${PATH}`, createAlias),
  operation(`GET ${PATH}`, listAliases),
  operation(`GET ${PATH}/{}`, (call) => ({ status: 200, body: renderFound(call) })),
  operation(`PUT ${PATH}/{}`, updateAlias),
  operation(`DELETE ${PATH}/{}`, deleteAlias),
];

async function createAlias(call: Call): Promise<ControlAnswer> {
  const record = call.control.functions.find(calledFunction(call));
  const input = await readInput(call.request, CREATE_INPUT, { operation: 'CreateAlias' });
  const { Name: name, FunctionVersion: version } = input;
  if (record.aliases.has(name)) {
    throw new ServiceError('ResourceConflictException', `Alias already exists: ${record.arn(name)}`);
  }
  return { status: 201, body: put(record, { name, version, description: '', weights: {} }, input) };
}

async function updateAlias(call: Call): Promise<ControlAnswer> {
  const { record, alias } = find(call);
  const input = await readInput(call.request, ALIAS_INPUT, { operation: 'UpdateAlias' });
  requireRevision(input.RevisionId, alias.revisionId, 'GetAlias');
  return { status: 200, body: put(record, alias, input) };
}

function listAliases(call: Call): ControlAnswer {
  const record = call.control.functions.find(calledFunction(call));
  const version = call.query.get('FunctionVersion');
  const aliases = [...record.aliases.values()].filter(
    (alias) => version === null || alias.version === version,
  );
  const { items, NextMarker } = pageOf(aliases, call.query);
  return { status: 200, body: { Aliases: items.map((alias) => render(record, alias)), NextMarker } };
}

async function deleteAlias(call: Call): Promise<ControlAnswer> {
  const { functions, urls } = call.control;
  const record = functions.find(calledFunction(call));
  const name = decodedParam(call, 1);
  // One that is not there is gone already.
  record.aliases.delete(name);
  await urls.close({ name: record.name, qualifier: name });
  return { status: 204 };
}

function put(
  record: FunctionRecord,
  before: Omit<Alias, 'revisionId'>,
  input: z.infer<typeof ALIAS_INPUT>,
): object {
  const alias: Alias = {
    name: before.name,
    version: input.FunctionVersion ?? before.version,
    description: input.Description ?? before.description,
    weights:
      input.RoutingConfig === undefined
        ? before.weights
        : (input.RoutingConfig.AdditionalVersionWeights ?? {}),
    revisionId: randomUUID(),
  };
  requireVersions(record, alias);
  record.aliases.set(alias.name, alias);
  return render(record, alias);
}

function requireVersions(record: FunctionRecord, { version, weights }: Alias): void {
  const others = Object.keys(weights);
  for (const wanted of [version, ...others]) {
    if (/^(\$LATEST|\d+)$/.test(wanted) && record.describe(wanted) !== undefined) continue;
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${record.arn(wanted)}`);
  }
  if (others.length === 0) return;
  if (others.length > 1)
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  if (version === '$LATEST' || others.includes('$LATEST')) {
    throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (others.includes(version)) {
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  }
}

function find(call: Call): { record: FunctionRecord; alias: Alias } {
  const record = call.control.functions.find(calledFunction(call));
  const name = decodedParam(call, 1);
  const alias = record.aliases.get(name);
  if (alias !== undefined) return { record, alias };
  throw new ServiceError('ResourceNotFoundException', `Cannot find alias arn: ${record.arn(name)}`);
}

function renderFound(call: Call): object {
  const { record, alias } = find(call);
  return render(record, alias);
}

function render(record: FunctionRecord, { name, version, description, weights, revisionId }: Alias): object {
  return {
    AliasArn: record.arn(name),
    Name: name,
    FunctionVersion: version,
    Description: description,
    ...(Object.keys(weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
    RevisionId: revisionId,
  };
}
