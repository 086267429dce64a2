import { existsSync } from 'node:fs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { toJson } from '../../runtime/cli/to-json.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Call, Verb } from '../../runtime/cli/verb.ts';
import { makeWorkFolder } from '../../runtime/emulator/work-folder.ts';
import { findSets } from '../check/find-sets.ts';
import { IMAGES } from '../check/image.ts';
import { loadPart } from '../check/load-part.ts';
import { clientSettings } from '../deploy/clients.ts';
import { readTarget, TARGET_OPTIONS } from '../deploy/target-options.ts';
import { explainDeployed } from './explain-deployed.ts';
import { explainSet } from './explain-set.ts';
import { renderDeployed, renderExplained } from './render-explained.ts';

/** `pilotlight explain`: which file of an environment comes from which part. */
export const explain: Verb = {
  usage: '[PATH…|NAME] [options]',
  options: TARGET_OPTIONS,
  minPositionals: 0,
  maxPositionals: Number.POSITIVE_INFINITY,
  examples: [
    'pilotlight explain',
    'pilotlight explain dist/interpreter-node-x86_64.zip dist/runtime.zip dist/function-hello-node.zip',
    'pilotlight explain hello-node --endpoint-url http://127.0.0.1:9000',
  ],
  run(call) {
    const [name] = call.positionals;
    const isDeployed = call.positionals.length === 1 && name !== undefined && !existsSync(name);
    return isDeployed ? explainByName(call, name) : explainPaths(call);
  },
};

async function explainPaths({ positionals, output, signal }: Call): Promise<number> {
  const work = await makeWorkFolder();
  try {
    const folder = await work.make('parts');
    const paths = positionals.length > 0 ? positionals : ['dist'];
    const { sets, unreadable } = await findSets(
      paths,
      (path) => loadPart(path, folder, signal),
      IMAGES.al2023,
    );
    const [broken] = unreadable;
    if (broken !== undefined)
      throw new ToolError('CANNOT', broken.what, { next: 'pilotlight check says more' });
    const explained = await Promise.all(sets.map(explainSet));
    output.result(output.json ? toJson(explained) : explained.map(renderExplained).join('\n'));
    return 0;
  } finally {
    await work.remove();
  }
}

async function explainByName(call: Call, name: string): Promise<number> {
  const { output } = call;
  const client = new LambdaClient(clientSettings(readTarget(call)));
  try {
    const parts = await explainDeployed(client, name);
    output.result(output.json ? toJson(parts) : renderDeployed(parts));
    return 0;
  } catch (error) {
    const { name: type, message } = error as Error;
    throw new ToolError('CANNOT', `Cannot explain "${name}": ${type}: ${message}`, {
      next: 'name a zip, a folder, or a function that is deployed',
      cause: error,
    });
  } finally {
    client.destroy();
  }
}
