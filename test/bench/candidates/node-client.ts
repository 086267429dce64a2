import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RIC_PACKAGE } from '../../helpers/clients.ts';
import { makeRicFunction } from '../../helpers/make-ric-function.ts';
import { PROGRAMS } from '../../helpers/needs.ts';
import type { Candidate } from './candidate.ts';
import { type CandidateLayers, nodeIn } from './candidate-layers.ts';
import { NODE_HANDLER, NODE_VERSION, versionOf } from './node-handler.ts';

/**
 * AWS's own client of the Runtime API for Node, with its native part, on the same Node as ours. It is started without
 * the shell script that Lambda would need, in its favour.
 *
 * @param layers the built layers, of which it uses the interpreter
 */
export function nodeClientCandidate(layers: CandidateLayers): Candidate {
  const installed = existsSync(PROGRAMS['aws-lambda-ric']);
  return {
    info: {
      name: 'node client',
      description: 'official Node client, native part',
      versions: { ...(installed ? { 'aws-lambda-ric': versionOf(RIC_PACKAGE) } : {}), node: NODE_VERSION },
      role: 'base',
    },
    missing: installed ? undefined : 'aws-lambda-ric is not installed: run make bench-peers in a clone',
    maxInFlight: Number.POSITIVE_INFINITY,
    async prepare(folder) {
      const opt = await layers.unpack();
      await makeRicFunction(folder);
      await copyFile(NODE_HANDLER, join(folder, 'function.mjs'));
      const client = join(folder, 'node_modules/aws-lambda-ric/index.mjs');
      return { file: nodeIn(opt), args: [client], folder, variables: {} };
    },
  };
}
