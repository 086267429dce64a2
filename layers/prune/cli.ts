import { DeleteFunctionCommand, DeleteLayerVersionCommand } from '@aws-sdk/client-lambda';
import { toJson } from '../../runtime/cli/to-json.ts';
import type { Verb } from '../../runtime/cli/verb.ts';
import { parseNumber } from '../../runtime/emulator/cli-options.ts';
import { confirm, YES_OPTION } from '../deploy/confirm.ts';
import type { DeployTools } from '../deploy/deploy-tools.ts';
import { orUndefined } from '../deploy/or-undefined.ts';
import { refuseStackOf } from '../deploy/refuse-stack.ts';
import { TARGET_OPTIONS } from '../deploy/target-options.ts';
import { withClient } from '../deploy/with-client.ts';
import { table } from '../table.ts';
import { type PruneStep, planPrune } from './plan-prune.ts';

const MAX_KEEP = 1000;
/** The one that runs, and two to go back to. */
const DEFAULT_KEEP = 3;

/** `pilotlight prune [NAME…]`: deletes old versions that nothing points at. */
export const prune: Verb = {
  usage: '[NAME…] [options]',
  options: {
    ...TARGET_OPTIONS,
    keep: {
      type: 'string',
      value: 'N',
      describe: 'leave the newest of each layer and function',
      fallback: String(DEFAULT_KEEP),
    },
    ...YES_OPTION,
  },
  minPositionals: 0,
  maxPositionals: Number.POSITIVE_INFINITY,
  examples: ['pilotlight prune', 'pilotlight prune hello-node shop --keep 5 --yes'],
  async run(call) {
    const { output, positionals, values } = call;
    const keep = parseNumber('keep', values.keep ?? DEFAULT_KEEP, 1, MAX_KEEP);
    return await withClient('prune', call, async (tools) => {
      for (const name of positionals) await refuseStackOf('prune', name, tools.client);
      const steps = await planPrune(tools.client, { functions: positionals, keep });
      const lines = table(
        steps.map(({ action, part, name, version, why }) => [action, part, name, version, why]),
      );
      for (const line of lines.trimEnd().split('\n')) output.note(line);
      const doomed = steps.filter(({ action }) => action === 'delete');
      const isMeant = doomed.length === 0 || (await confirm(`Delete ${doomed.length} versions?`, call));
      if (!isMeant) return 1;
      for (const step of doomed) await remove(step, tools);
      output.result(output.json ? toJson(steps) : `deleted ${doomed.length} of ${steps.length} versions\n`);
      return 0;
    });
  },
};

async function remove({ part, name, version }: PruneStep, { client, signal }: DeployTools): Promise<void> {
  const options = { abortSignal: signal };
  // One that somebody else deleted meanwhile is gone all the same.
  await orUndefined(
    part === 'layer'
      ? client.send(
          new DeleteLayerVersionCommand({ LayerName: name, VersionNumber: Number(version) }),
          options,
        )
      : client.send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: version }), options),
  );
}
