import { join } from 'node:path';
import { RUST_PEER } from '../../helpers/clients.ts';
import { rustPeers } from '../../setup/rust-peers.ts';
import { makePeer } from './make-peer.ts';

/** The official Rust client. With several events in flight it has a task for each. */
export const rust = makePeer({
  name: 'rust',
  description: 'official Rust client',
  folder: RUST_PEER,
  program: 'lambda_runtime',
  step: rustPeers,
  maxInFlight: Number.POSITIVE_INFINITY,
  prepare: async (folder) => ({ file: join(RUST_PEER, 'bootstrap'), args: [], folder, variables: {} }),
});
