import { z } from 'zod';
import type { FunctionName } from '../function-name.ts';
import type { FunctionUrl, UrlMode } from '../function-url/function-urls.ts';
import { ServiceError } from '../service-error.ts';
import { type Call, type ControlAnswer, calledFunction, operation } from './operation.ts';
import { pageOf } from './page.ts';
import { readInput } from './read-input.ts';
import { notFound } from './refusals.ts';
import { renderDate } from './render-configuration.ts';

const PATH = '/2021-10-31/functions/{}/url';
const MODES = { BUFFERED: 'buffered', RESPONSE_STREAM: 'stream' } as const;
const UPDATE_INPUT = z.object({
  AuthType: z.enum(['NONE', 'AWS_IAM']).optional(),
  InvokeMode: z.enum(['BUFFERED', 'RESPONSE_STREAM']).optional(),
  Cors: z.record(z.string(), z.unknown()).optional(),
});
const CREATE_INPUT = UPDATE_INPUT.required({ AuthType: true });

/** What gives functions and aliases their URLs, finds these, changes them and takes them away. */
export const URL_OPERATIONS = [
  operation(`POST ${PATH}`, createUrl),
  operation(`GET ${PATH}`, (call) => ({ status: 200, body: render(call, find(call).url) })),
  operation(`PUT ${PATH}`, updateUrl),
  operation(`DELETE ${PATH}`, deleteUrl),
  operation(`GET ${PATH}s`, listUrls),
];

async function createUrl(call: Call): Promise<ControlAnswer> {
  const { functions, urls } = call.control;
  const name = calledFunction(call);
  functions.find(name);
  const {
    AuthType,
    InvokeMode = 'BUFFERED',
    Cors,
  } = await readInput(call.request, CREATE_INPUT, {
    operation: 'CreateFunctionUrlConfig',
  });
  if (name.qualifier !== undefined && /^(\$LATEST|\d+)$/.test(name.qualifier)) {
    throw new ServiceError(
      'ValidationException',
      `Qualifier "${name.qualifier}" is no alias: a function URL is of a function or of an alias`,
    );
  }
  if (urls.find(name) !== undefined) {
    throw new ServiceError(
      'ResourceConflictException',
      `Failed to create function url config for [functionArn = ${functions.arnOf(name)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    );
  }
  const url = await urls.open(name, { mode: MODES[InvokeMode], authType: AuthType, cors: Cors });
  return { status: 201, body: render(call, url) };
}

async function updateUrl(call: Call): Promise<ControlAnswer> {
  const { url } = find(call);
  const { AuthType, InvokeMode, Cors } = await readInput(call.request, UPDATE_INPUT, {
    operation: 'UpdateFunctionUrlConfig',
  });
  url.authType = AuthType ?? url.authType;
  url.mode = InvokeMode === undefined ? url.mode : MODES[InvokeMode];
  url.cors = Cors ?? url.cors;
  url.modifiedMs = Date.now();
  return { status: 200, body: render(call, url) };
}

async function deleteUrl(call: Call): Promise<ControlAnswer> {
  await call.control.urls.close(find(call).name);
  return { status: 204 };
}

function listUrls(call: Call): ControlAnswer {
  const { functions, urls } = call.control;
  const { items, NextMarker } = pageOf(urls.of(functions.find(calledFunction(call)).name), call.query);
  return { status: 200, body: { FunctionUrlConfigs: items.map((url) => render(call, url)), NextMarker } };
}

function find(call: Call): { name: FunctionName; url: FunctionUrl } {
  const name = calledFunction(call);
  const url = call.control.urls.find(name);
  if (url !== undefined) return { name, url };
  throw notFound();
}

function render({ control }: Call, url: FunctionUrl): object {
  const modes: Readonly<Record<UrlMode, string>> = { buffered: 'BUFFERED', stream: 'RESPONSE_STREAM' };
  return {
    FunctionUrl: url.address,
    FunctionArn: control.functions.arnOf(url.name),
    AuthType: url.authType,
    ...(url.cors === undefined ? {} : { Cors: url.cors }),
    InvokeMode: modes[url.mode],
    CreationTime: renderDate(url.createdMs),
    LastModifiedTime: renderDate(url.modifiedMs),
  };
}
