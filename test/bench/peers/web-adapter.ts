import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { pinnedNode, WEB_ADAPTER_PEER } from '../../helpers/clients.ts';
import { rustPeers } from '../../setup/rust-peers.ts';
import { NODE_VERSION } from '../candidates/node-handler.ts';
import { makePeer } from './make-peer.ts';

const SOURCE = join(import.meta.dirname, 'web-adapter');

/** The AWS Lambda Web Adapter before a node:http server, the nearest to ours in shape: two processes. */
export const webAdapter = makePeer({
  name: 'web-adapter',
  description: 'AWS Lambda Web Adapter before node:http',
  folder: WEB_ADAPTER_PEER,
  program: 'lambda_web_adapter',
  step: rustPeers,
  versions: { node: NODE_VERSION },
  maxInFlight: Number.POSITIVE_INFINITY,
  async prepare(folder) {
    for (const file of ['bootstrap.sh', 'server.mjs']) await copyFile(join(SOURCE, file), join(folder, file));
    // A copy of its own: pages that it shared with the driver's Node would be missing from its memory.
    const node = join(folder, 'node');
    await copyFile(pinnedNode(), node);
    return {
      file: '/bin/sh',
      args: ['bootstrap.sh', node, join(WEB_ADAPTER_PEER, 'bin/lambda-adapter')],
      folder,
      // Without the second one a failure would be an answer like any other.
      variables: { AWS_LWA_PORT: String(await freePort()), AWS_LWA_ERROR_STATUS_CODES: '500-599' },
    };
  },
});

/** One for all rounds, whose environments come one after the other. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
