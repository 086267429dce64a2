import {
  type Architecture,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionUrlConfigCommand,
  PublishLayerVersionCommand,
  PutFunctionConcurrencyCommand,
  ResourceConflictException,
  UpdateFunctionUrlConfigCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { createAlias, routeAlias } from './alias.ts';
import { changeFunction, ensureVersion } from './change-function.ts';
import type { DeployTools } from './deploy-tools.ts';
import type { Deployed } from './deployed.ts';
import type { Desired, DesiredLayer } from './desired.ts';
import { configurationChanges, functionInput, hasOtherCode, layerArns } from './function-changes.ts';
import { invokeMode } from './invoke-mode.ts';
import { layerDescription } from './layer-description.ts';
import type { PartName, Plan } from './plan.ts';
import { ensureRole } from './role.ts';
import { shiftAlias } from './shift.ts';
import { tryWhile } from './try-while.ts';
import { placeZip } from './upload.ts';

const RUNTIME = 'provided.al2023';
/** A new role is known everywhere only after some seconds; Lambda refuses it until then. */
const ROLE_LIMIT_MS = 60_000;
const WAIT_S = 300;

/**
 * Does what a plan says, layers first: a function never names one that is not there. Cut off at any point, the next
 * plan holds what is left to do.
 *
 * @param plan what to do
 * @param only the part that is meant; all when undefined
 * @param options what it works with
 */
export async function applyPlan(plan: Plan, only: PartName | undefined, options: DeployTools): Promise<void> {
  const layers = new Map(plan.deployed.layers);
  const deployed = { ...plan.deployed, layers };
  const isMeant = ({ part }: DesiredLayer) => only === undefined || part === only;
  for (const layer of plan.desired.layers) {
    if (typeof layer === 'string' || layers.has(layer.name) || !isMeant(layer)) continue;
    layers.set(layer.name, await publishLayer(layer, options));
  }
  if (only !== undefined && only !== 'function') return;
  if (deployed.fn === undefined) await createFunction(plan.desired, deployed, options);
  else await updateFunction(plan.desired, deployed, only, options);
  for (const step of plan.steps) {
    if (step.part === 'version') await ensureVersion(plan.desired.settings.name, options);
    if (step.part === 'alias' && step.action !== 'keep') await putAlias(plan, options);
    if (step.part === 'url') await putUrl(plan.desired, step.action, options);
    if (step.part === 'concurrency') await putConcurrency(plan.desired, options);
  }
}

async function publishLayer(layer: DesiredLayer, options: DeployTools): Promise<string> {
  const { client, signal, note } = options;
  note(`publishing ${layer.name} (${(layer.bytes / 1e6).toFixed(1)} MB)`);
  const Content = await placeZip(layer, options);
  const { LayerVersionArn } = await client.send(
    new PublishLayerVersionCommand({
      LayerName: layer.name,
      Description: layerDescription(layer),
      Content,
      CompatibleRuntimes: [RUNTIME],
      CompatibleArchitectures: layer.arch === undefined ? ['x86_64', 'arm64'] : [layer.arch],
    }),
    { abortSignal: signal },
  );
  if (LayerVersionArn !== undefined) return LayerVersionArn;
  throw new ToolError(
    'CANNOT',
    `Cannot use the layer "${layer.name}": the service did not say which version it is`,
  );
}

async function createFunction(desired: Desired, { layers }: Deployed, options: DeployTools): Promise<void> {
  const { client, settings, signal, note } = options;
  const { name, role, arch } = desired.settings;
  const Role = role ?? (await ensureRole(name, settings));
  note(`creating ${name}`);
  const Code = await placeZip(desired.code, options);
  const input = {
    ...functionInput(desired),
    FunctionName: name,
    Runtime: RUNTIME,
    Role,
    Code,
    Architectures: [arch] as Architecture[],
    // Those that were missing were published, or the plan would not have been made.
    Layers: layerArns(desired, layers).filter((arn) => arn !== undefined),
    Publish: true,
  } as const;
  const isRoleNew = (error: Error) =>
    error.name === 'InvalidParameterValueException' && /role.*assumed/i.test(error.message);
  try {
    await tryWhile(isRoleNew, ROLE_LIMIT_MS, signal, () =>
      client.send(new CreateFunctionCommand(input), { abortSignal: signal }),
    );
  } catch (error) {
    // An answer that was lost on its way had it sent again.
    if (!(error instanceof ResourceConflictException)) throw error;
  }
  await waitUntilFunctionActiveV2(
    { client, maxWaitTime: WAIT_S, abortSignal: signal },
    { FunctionName: name },
  );
}

async function updateFunction(
  desired: Desired,
  deployed: Deployed,
  only: PartName | undefined,
  options: DeployTools,
): Promise<void> {
  const { name, arch } = desired.settings;
  const code = hasOtherCode(desired, deployed.fn?.configuration ?? {})
    ? { Architectures: [arch] as Architecture[], place: () => placeZip(desired.code, options) }
    : undefined;
  await changeFunction(name, configurationChanges(desired, deployed, only), code, options);
}

async function putAlias({ desired, deployed }: Plan, tools: DeployTools): Promise<void> {
  const { name, alias = '' } = desired.settings;
  const at = { functionName: name, alias };
  const found = deployed.fn?.alias;
  const version = await ensureVersion(name, tools);
  if (found === undefined) return createAlias(at, version, tools);
  const { shift } = desired;
  if (shift !== undefined && found.version !== version) await shiftAlias(at, found, version, shift, tools);
  else await routeAlias(at, { version, weights: {} }, tools.client);
  tools.note(`"${alias}" leads to version ${version}`);
}

async function putUrl({ settings }: Desired, action: string, { client, signal }: DeployTools): Promise<void> {
  const { name: FunctionName, alias: Qualifier } = settings;
  const url = {
    FunctionName,
    Qualifier,
    InvokeMode: invokeMode(settings),
  };
  const command =
    action === 'remove'
      ? new DeleteFunctionUrlConfigCommand({ FunctionName, Qualifier })
      : action === 'create'
        ? new CreateFunctionUrlConfigCommand({ ...url, AuthType: 'AWS_IAM' })
        : new UpdateFunctionUrlConfigCommand(url);
  await client.send(command as CreateFunctionUrlConfigCommand, { abortSignal: signal });
}

async function putConcurrency({ settings }: Desired, { client, signal }: DeployTools): Promise<void> {
  const FunctionName = settings.name;
  const ReservedConcurrentExecutions = settings.concurrency;
  const command =
    settings.concurrency === 0
      ? new DeleteFunctionConcurrencyCommand({ FunctionName })
      : new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions });
  await client.send(command as PutFunctionConcurrencyCommand, { abortSignal: signal });
}
