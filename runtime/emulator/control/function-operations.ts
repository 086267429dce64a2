import { ServiceError } from '../service-error.ts';
import type { Call, ControlAnswer } from './operation.ts';
import { calledFunction, operation } from './operation.ts';
import { pageOf } from './page.ts';
import { invalidParameter } from './refusals.ts';
import { renderConfiguration, renderListed } from './render-configuration.ts';
import { codeLocation } from './send-content.ts';

/** What finds functions and ends them. */
export const FUNCTION_OPERATIONS = [
  operation('GET /2015-03-31/functions', listFunctions),
  operation('GET /2015-03-31/functions/{}', getFunction),
  operation('GET /2015-03-31/functions/{}/configuration', getFunctionConfiguration),
  operation('DELETE /2015-03-31/functions/{}', deleteFunction),
];

function listFunctions({ control, query }: Call): ControlAnswer {
  const all = query.get('FunctionVersion') === 'ALL';
  const listed = control.functions.list().flatMap((record) =>
    // Only there does the ARN of `$LATEST` say so.
    all
      ? [record.latest, ...record.published()].map((found) => renderListed(record, found, found.version))
      : [renderListed(record, record.latest, undefined)],
  );
  const { items, NextMarker } = pageOf(listed, query);
  return { status: 200, body: { Functions: items, NextMarker } };
}

function getFunction(call: Call): ControlAnswer {
  const { record, described, qualifier } = find(call);
  const { reserved, tags } = record;
  return {
    status: 200,
    body: {
      Configuration: renderConfiguration(record, described, qualifier),
      Code: { RepositoryType: 'S3', Location: codeLocation(call.request, described.spec.code) },
      ...(tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) }),
      ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
    },
  };
}

function getFunctionConfiguration(call: Call): ControlAnswer {
  const { record, described, qualifier } = find(call);
  return { status: 200, body: renderConfiguration(record, described, qualifier) };
}

function find(call: Call) {
  const name = calledFunction(call);
  const record = call.control.functions.find(name);
  return { record, described: record.describe(name.qualifier) ?? record.latest, qualifier: name.qualifier };
}

async function deleteFunction(call: Call): Promise<ControlAnswer> {
  const { functions, urls } = call.control;
  const name = calledFunction(call);
  const record = functions.find(name);
  const { qualifier } = name;
  if (qualifier === undefined) {
    functions.remove(record.name);
    await Promise.all(urls.of(record.name).map((url) => urls.close(url.name)));
    await record.remove();
    return { status: 204 };
  }
  if (!/^\d+$/.test(qualifier)) {
    throw invalidParameter(
      `${qualifier} cannot be deleted: name the function without a qualifier, or the number of a version`,
    );
  }
  const users = [...record.aliases.values()].filter(
    ({ version, weights }) => version === qualifier || qualifier in weights,
  );
  if (users.length > 0) {
    throw new ServiceError(
      'ResourceConflictException',
      `The version ${qualifier} cannot be deleted: the aliases [${users.map((alias) => alias.name).join(', ')}] refer to it`,
    );
  }
  record.unpublish(qualifier);
  return { status: 204 };
}
