import {
  type FunctionConfiguration,
  type LambdaClient,
  paginateListAliases,
  paginateListFunctions,
  paginateListLayers,
  paginateListLayerVersions,
} from '@aws-sdk/client-lambda';
import { isOwnLayer } from '../deploy/layer-description.ts';

/** One line of what a pruning would do. */
export interface PruneStep {
  readonly action: 'delete' | 'keep';
  readonly part: 'version' | 'layer';
  /** Of the function or the layer. */
  readonly name: string;
  readonly version: string;
  readonly why: string;
}

/**
 * Finds what nothing points at any more: published versions of the named functions, and versions of the layers that
 * deployments made. What a version that stays is made of stays too, so that it can be gone back to.
 *
 * @param client of the Lambda API
 * @param options `functions` whose versions are looked at; `keep` as many of the newest of each, at least 1
 * @returns what would be deleted and what would not, versions of functions first
 */
export async function planPrune(
  client: LambdaClient,
  { functions, keep }: { functions: readonly string[]; keep: number },
): Promise<readonly PruneStep[]> {
  const all: FunctionConfiguration[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client }, { FunctionVersion: 'ALL' })) {
    all.push(...Functions);
  }
  const versionSteps: PruneStep[] = [];
  for (const name of functions) versionSteps.push(...(await planVersions(client, name, all, keep)));
  const gone = new Set(
    versionSteps.filter(({ action }) => action === 'delete').map(({ name, version }) => `${name}:${version}`),
  );
  const users = new Map<string, string>();
  for (const { FunctionName = '', Version = '', Layers = [] } of all) {
    const user = `${FunctionName}:${Version}`;
    if (!gone.has(user)) for (const { Arn = '' } of Layers) users.set(Arn, user);
  }
  return [...versionSteps, ...(await planLayers(client, users, keep))];
}

async function planVersions(
  client: LambdaClient,
  name: string,
  all: readonly FunctionConfiguration[],
  keep: number,
): Promise<PruneStep[]> {
  const aliases = new Map<string, string>();
  for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName: name })) {
    for (const { Name = '', FunctionVersion = '', RoutingConfig } of Aliases) {
      const routed = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {});
      for (const version of [FunctionVersion, ...routed]) aliases.set(version, Name);
    }
  }
  const versions = all
    .filter(({ FunctionName, Version }) => FunctionName === name && Version !== '$LATEST')
    .map(({ Version = '' }) => Version)
    .toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version, index) => {
    const alias = aliases.get(version);
    const user = alias === undefined ? undefined : `the alias "${alias}" leads to it`;
    return stepFor('version', name, version, user, index < keep);
  });
}

async function planLayers(
  client: LambdaClient,
  users: ReadonlyMap<string, string>,
  keep: number,
): Promise<PruneStep[]> {
  const steps: PruneStep[] = [];
  for await (const { Layers = [] } of paginateListLayers({ client }, {})) {
    for (const { LayerName = '' } of Layers) {
      let index = 0;
      for await (const { LayerVersions = [] } of paginateListLayerVersions({ client }, { LayerName })) {
        for (const { Version = 0, LayerVersionArn = '', Description = '' } of LayerVersions) {
          if (!isOwnLayer(Description)) continue;
          const user = users.get(LayerVersionArn);
          const why = user === undefined ? undefined : `${user} has it`;
          steps.push(stepFor('layer', LayerName, String(Version), why, index < keep));
          index += 1;
        }
      }
    }
  }
  return steps;
}

function stepFor(
  part: PruneStep['part'],
  name: string,
  version: string,
  user: string | undefined,
  isNew: boolean,
): PruneStep {
  if (user !== undefined) return { action: 'keep', part, name, version, why: user };
  return isNew
    ? { action: 'keep', part, name, version, why: 'one of the newest' }
    : { action: 'delete', part, name, version, why: 'nothing points at it' };
}
