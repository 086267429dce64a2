import { readFunctionSettings } from '../../runtime/cli/function-settings.ts';
import { oneOf } from '../../runtime/cli/one-of.ts';
import { toJson } from '../../runtime/cli/to-json.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Call, OptionSpec, Verb } from '../../runtime/cli/verb.ts';
import { FUNCTION_OPTIONS, parseRunOptions } from '../../runtime/emulator/cli-options.ts';
import { sourceKind } from '../../runtime/emulator/prepare-function.ts';
import { makeFunctionZip } from '../build/function-zip.ts';
import { applyPlan } from './apply.ts';
import { confirm, YES_OPTION } from './confirm.ts';
import type { DeployTools } from './deploy-tools.ts';
import { readDeployed } from './deployed.ts';
import { readDesired } from './desired.ts';
import { makePlan, PARTS, type PartName, type Plan } from './plan.ts';
import { refuseStackOf } from './refuse-stack.ts';
import { removeFunction } from './remove.ts';
import { renderPlan } from './render-plan.ts';
import { findEarlier, rollBack } from './rollback.ts';
import { rollBackAlias } from './rollback-alias.ts';
import { readShift, SHIFT_OPTIONS } from './shift-options.ts';
import { swapCode } from './swap.ts';
import { LOCAL_ENDPOINT, TARGET_OPTIONS, textOf } from './target-options.ts';
import { withClient } from './with-client.ts';

const DEPLOY_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  part: { type: 'string', value: PARTS.join('|'), describe: 'deploy this part alone', fallback: 'all' },
  role: { type: 'string', value: 'ARN', describe: "the function's role", fallback: 'made when missing' },
  bucket: { type: 'string', value: 'NAME', describe: 'bucket for zips over 50 MB' },
  out: { type: 'string', value: 'DIR', describe: 'folder of the zips', fallback: 'dist' },
  ...SHIFT_OPTIONS,
  ...FUNCTION_OPTIONS,
};

/** `pilotlight plan DIR|ZIP`: what a deployment would do, part by part. */
export const plan: Verb = {
  usage: 'DIR|ZIP [options]',
  options: { ...TARGET_OPTIONS, ...DEPLOY_OPTIONS },
  minPositionals: 1,
  maxPositionals: 1,
  examples: [
    'pilotlight plan function/hello-node',
    'pilotlight plan shop --endpoint-url http://127.0.0.1:9000',
  ],
  run: (call) =>
    withClient('plan', call, async (tools) => {
      const planned = await planCall(call, tools);
      call.output.result(call.output.json ? toJson(planned.steps) : renderPlan(planned));
      return planned.steps.every(({ action }) => action === 'keep') ? 0 : 1;
    }),
};

/** `pilotlight deploy DIR|ZIP`: does what `plan` says. */
export const deploy: Verb = {
  usage: 'DIR|ZIP [options]',
  options: { ...TARGET_OPTIONS, ...DEPLOY_OPTIONS },
  minPositionals: 1,
  maxPositionals: 1,
  examples: [
    'pilotlight deploy function/hello-node',
    'pilotlight deploy shop --part function --region eu-central-1',
    'pilotlight deploy shop --alias live --shift 10,50 --every 5m',
  ],
  run: (call) =>
    withClient('deploy', call, async (tools) => {
      const planned = await planCall(call, tools);
      const { output } = call;
      for (const line of renderPlan(planned).trimEnd().split('\n')) output.note(line);
      await applyPlan(planned, partOf(call), tools);
      output.result(output.json ? toJson(planned.steps) : '');
      return 0;
    }),
};

/** `pilotlight swap DIR|ZIP`: puts other code under a function that runs. */
export const swap: Verb = {
  usage: 'DIR|ZIP [options]',
  options: {
    ...TARGET_OPTIONS,
    'endpoint-url': {
      type: 'string',
      value: 'URL',
      describe: 'address of the Lambda API',
      fallback: LOCAL_ENDPOINT,
    },
    name: {
      type: 'string',
      value: 'NAME',
      describe: "the function's name",
      fallback: "the folder's or zip's",
    },
    out: { type: 'string', value: 'DIR', describe: 'folder of the zips', fallback: 'dist' },
  },
  minPositionals: 1,
  maxPositionals: 1,
  examples: ['pilotlight swap function/hello-node', 'pilotlight swap dist/function-hello-node.zip'],
  run: (call) =>
    withClient(
      'swap',
      call,
      async ({ client }) => {
        const { output, positionals, signal } = call;
        const [source = ''] = positionals;
        const { name } = await readFunctionSettings(source, { name: textOf(call, 'name') });
        const isFolder = (await sourceKind(source)) === 'folder';
        const out = textOf(call, 'out') ?? 'dist';
        const zip = isFolder ? (await makeFunctionZip(source, { out, signal })).path : source;
        const tookMs = Math.round(await swapCode(client, name, zip, signal));
        output.result(
          output.json ? toJson({ name, tookMs }) : `${name} serves the new code after ${tookMs} ms\n`,
        );
        return 0;
      },
      LOCAL_ENDPOINT,
    ),
};

/** `pilotlight rollback NAME`: makes a function what it was before. */
export const rollback: Verb = {
  usage: 'NAME [options]',
  options: {
    ...TARGET_OPTIONS,
    alias: {
      type: 'string',
      value: 'NAME',
      describe: 'lead this alias back, and leave the function as it is',
    },
  },
  minPositionals: 1,
  maxPositionals: 1,
  examples: ['pilotlight rollback hello-node', 'pilotlight rollback shop --alias live'],
  run: (call) =>
    withClient('roll back', call, async (tools) => {
      const { output, positionals } = call;
      const [name = ''] = positionals;
      await refuseStackOf('roll back', name, tools.client);
      const alias = textOf(call, 'alias');
      if (alias !== undefined) {
        const version = await rollBackAlias({ functionName: name, alias }, tools.client);
        const text = `"${alias}" of ${name} leads to version ${version}\n`;
        output.result(output.json ? toJson({ name, alias, version }) : text);
        return 0;
      }
      const found = await findEarlier(tools.client, name);
      await rollBack(name, found, tools);
      const version = found.earlier.Version ?? '';
      output.result(output.json ? toJson({ name, version }) : `${name} is what version ${version} was\n`);
      return 0;
    }),
};

/** `pilotlight delete NAME`: deletes a function and the role that was made for it. */
export const remove: Verb = {
  usage: 'NAME [options]',
  options: { ...TARGET_OPTIONS, ...YES_OPTION },
  minPositionals: 1,
  maxPositionals: 1,
  examples: ['pilotlight delete hello-node --yes'],
  run: (call) =>
    withClient('delete', call, async (tools) => {
      const { output, positionals } = call;
      const [name = ''] = positionals;
      if (!(await confirm(`Delete function "${name}" with all its versions?`, call))) return 1;
      await refuseStackOf('delete', name, tools.client);
      const removed = await removeFunction(name, tools);
      output.result(
        output.json ? toJson({ name, removed }) : `deleted ${removed.join(' and ') || 'nothing'}\n`,
      );
      return 0;
    }),
};

async function planCall(call: Call, { client, settings }: DeployTools): Promise<Plan> {
  const { output, positionals, signal, values } = call;
  const { overrides } = await parseRunOptions(values, process.env);
  const role = textOf(call, 'role');
  const desired = await readDesired(positionals[0] ?? '.', {
    overrides: { ...overrides, role, alias: textOf(call, 'alias') },
    out: textOf(call, 'out') ?? 'dist',
    signal,
    note: (line) => output.note(line),
  });
  const shift = readShift(call);
  if (shift !== undefined && desired.settings.alias === undefined) {
    throw new ToolError(
      'USAGE',
      'Cannot use --shift without an alias: name one with --alias or in pilotlight.json',
    );
  }
  output.detail(`asking ${String(settings.endpoint ?? 'AWS')}`);
  return makePlan({ ...desired, shift }, await readDeployed(client, desired), partOf(call));
}

function partOf(call: Call): PartName | undefined {
  const text = textOf(call, 'part');
  return text === undefined ? undefined : oneOf(PARTS, text, '--part');
}
