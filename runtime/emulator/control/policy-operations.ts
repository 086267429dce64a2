import { z } from 'zod';
import { ServiceError } from '../service-error.ts';
import { type Call, type ControlAnswer, calledFunction, decodedParam, operation } from './operation.ts';
import { readInput } from './read-input.ts';
import { notFound } from './refusals.ts';

const PATH = '/2015-03-31/functions/{}/policy';
const ADD_INPUT = z.object({
  StatementId: z.string().regex(/^[a-zA-Z0-9-_]{1,100}$/, 'expected 1 to 100 letters, digits, - and _'),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  FunctionUrlAuthType: z.enum(['NONE', 'AWS_IAM']).optional(),
});

/** What says who may call a function. It is kept and told, and nobody is kept out: everybody is on this machine. */
export const POLICY_OPERATIONS = [
  operation(`POST ${PATH}`, addPermission),
  operation(`GET ${PATH}`, getPolicy),
  operation(`DELETE ${PATH}/{}`, removePermission),
];

async function addPermission(call: Call): Promise<ControlAnswer> {
  const { arn, statements } = find(call);
  const input = await readInput(call.request, ADD_INPUT, { operation: 'AddPermission' });
  const { StatementId: Sid, Action, Principal } = input;
  if (statements.has(Sid)) {
    throw new ServiceError(
      'ResourceConflictException',
      `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  const statement = {
    Sid,
    Effect: 'Allow',
    Principal: renderPrincipal(Principal),
    Action,
    Resource: arn,
    ...renderCondition(input),
  };
  statements.set(Sid, statement);
  return { status: 201, body: { Statement: JSON.stringify(statement) } };
}

function getPolicy(call: Call): ControlAnswer {
  const { statements } = find(call);
  if (statements.size === 0) throw notFound();
  const policy = { Version: '2012-10-17', Id: 'default', Statement: [...statements.values()] };
  return { status: 200, body: { Policy: JSON.stringify(policy) } };
}

function removePermission(call: Call): ControlAnswer {
  const { statements } = find(call);
  if (!statements.delete(decodedParam(call, 1))) throw notFound();
  return { status: 204 };
}

function find(call: Call): { arn: string; statements: Map<string, object> } {
  const name = calledFunction(call);
  const { policies } = call.control.functions.find(name);
  const key = name.qualifier ?? '$LATEST';
  const statements = policies.get(key) ?? new Map<string, object>();
  policies.set(key, statements);
  return { arn: call.control.functions.arnOf(name), statements };
}

function renderPrincipal(principal: string): string | object {
  if (principal === '*') return principal;
  return principal.includes('.amazonaws.com') ? { Service: principal } : { AWS: principal };
}

function renderCondition(input: z.infer<typeof ADD_INPUT>): object {
  const equals = {
    'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    'AWS:SourceAccount': input.SourceAccount,
  };
  const condition = {
    ...(Object.values(equals).some((value) => value !== undefined) ? { StringEquals: equals } : {}),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
  };
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}
