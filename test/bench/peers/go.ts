import { join } from 'node:path';
import { GO_PEER } from '../../helpers/clients.ts';
import { awsLambdaGo } from '../../setup/aws-lambda-go.ts';
import { makePeer } from './make-peer.ts';

/** The official Go client. With several events in flight it has a goroutine for each. */
export const go = makePeer({
  name: 'go',
  description: 'official Go client',
  folder: GO_PEER,
  program: 'aws-lambda-go',
  step: awsLambdaGo,
  maxInFlight: Number.POSITIVE_INFINITY,
  prepare: async (folder) => ({ file: join(GO_PEER, 'bootstrap'), args: [], folder, variables: {} }),
});
