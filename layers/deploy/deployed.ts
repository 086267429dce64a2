import {
  type FunctionConfiguration,
  type FunctionUrlConfig,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionCommand,
  type LambdaClient,
  paginateListLayerVersions,
} from '@aws-sdk/client-lambda';
import { type AliasRoute, readAlias } from './alias.ts';
import type { Desired, DesiredLayer } from './desired.ts';
import { layerDescription } from './layer-description.ts';
import { codeSha256 } from './local-zip.ts';
import { orUndefined } from './or-undefined.ts';
import { currentVersion, listVersions } from './versions.ts';

/** What is deployed, read anew each time: nothing of it is kept on this machine. */
export interface Deployed {
  readonly fn:
    | {
        readonly configuration: FunctionConfiguration;
        readonly tags: Readonly<Record<string, string>>;
        readonly concurrency: number | undefined;
        /** Of the alias, where one is wanted. */
        readonly url: FunctionUrlConfig | undefined;
        /** The published version that is what `$LATEST` is. */
        readonly version: string | undefined;
        /** Where the wanted alias leads. */
        readonly alias: AliasRoute | undefined;
      }
    | undefined;
  /** ARN of the published version that holds a layer, by the layer's name; those that are not there are to be published. */
  readonly layers: ReadonlyMap<string, string>;
}

/**
 * Reads what is deployed of a function, and which of its layers are published already.
 *
 * @param client of the Lambda API
 * @param desired what is to be deployed
 */
export async function readDeployed(client: LambdaClient, { settings, layers }: Desired): Promise<Deployed> {
  const FunctionName = settings.name;
  const published = new Map<string, string>();
  for (const layer of layers) {
    if (typeof layer === 'string') continue;
    const arn = await findLayerVersion(client, layer);
    if (arn !== undefined) published.set(layer.name, arn);
  }
  const found = await orUndefined(client.send(new GetFunctionCommand({ FunctionName })));
  if (found === undefined) return { fn: undefined, layers: published };
  const { alias } = settings;
  const url = await orUndefined(
    client.send(new GetFunctionUrlConfigCommand({ FunctionName, Qualifier: alias })),
  );
  const fn = {
    configuration: found.Configuration ?? {},
    tags: found.Tags ?? {},
    concurrency: found.Concurrency?.ReservedConcurrentExecutions,
    url: url as FunctionUrlConfig | undefined,
    version: currentVersion(await listVersions(client, FunctionName)),
    alias: alias === undefined ? undefined : await readAlias(client, { functionName: FunctionName, alias }),
  };
  return { fn, layers: published };
}

/** The digest stands in the description, which lists show; the version itself says whether that is true. */
async function findLayerVersion(client: LambdaClient, layer: DesiredLayer): Promise<string | undefined> {
  const Description = layerDescription(layer);
  for await (const { LayerVersions = [] } of paginateListLayerVersions(
    { client },
    { LayerName: layer.name },
  )) {
    for (const version of LayerVersions) {
      if (version.Description !== Description || version.Version === undefined) continue;
      const input = { LayerName: layer.name, VersionNumber: version.Version };
      const { Content } = await client.send(new GetLayerVersionCommand(input));
      if (Content?.CodeSha256 === codeSha256(layer.sha256)) return version.LayerVersionArn;
    }
  }
  return undefined;
}
