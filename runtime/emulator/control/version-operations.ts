import { z } from 'zod';
import { type Call, type ControlAnswer, calledFunction, operation } from './operation.ts';
import { pageOf } from './page.ts';
import { readInput } from './read-input.ts';
import { invalidParameter } from './refusals.ts';
import { renderConfiguration, renderListed } from './render-configuration.ts';
import { requireRevision } from './require-revision.ts';

const PUBLISH_INPUT = z.object({
  Description: z.string().max(256).optional(),
  CodeSha256: z.string().optional(),
  RevisionId: z.string().optional(),
});

/** What makes versions and lists them. */
export const VERSION_OPERATIONS = [
  operation('POST /2015-03-31/functions/{}/versions', publishVersion),
  operation('GET /2015-03-31/functions/{}/versions', listVersionsByFunction),
];

async function publishVersion(call: Call): Promise<ControlAnswer> {
  const record = call.control.functions.find(calledFunction(call));
  const { Description, CodeSha256, RevisionId } = await readInput(call.request, PUBLISH_INPUT, {
    operation: 'PublishVersion',
  });
  const { spec, revisionId } = record.latest;
  requireRevision(RevisionId, revisionId, 'GetFunction');
  if (CodeSha256 !== undefined && CodeSha256 !== spec.code.sha256) {
    throw invalidParameter(
      `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${spec.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  }
  const published = await record.publish(Description === '' ? undefined : Description);
  return { status: 201, body: renderConfiguration(record, published, published.version) };
}

function listVersionsByFunction(call: Call): ControlAnswer {
  const record = call.control.functions.find(calledFunction(call));
  const { items, NextMarker } = pageOf([record.latest, ...record.published()], call.query);
  const Versions = items.map((described) => renderListed(record, described, described.version));
  return { status: 200, body: { Versions, NextMarker } };
}
