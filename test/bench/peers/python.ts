import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PYTHON_PEER } from '../../helpers/clients.ts';
import { awslambdaric } from '../../setup/awslambdaric.ts';
import { makePeer } from './make-peer.ts';

/** The official Python client. With several events in flight it forks a process for each. */
export const python = makePeer({
  name: 'python',
  description: 'official Python client',
  folder: PYTHON_PEER,
  program: 'awslambdaric',
  step: awslambdaric,
  maxInFlight: Number.POSITIVE_INFINITY,
  // It writes JSON with a space behind each comma and colon: a larger event would come back above Lambda's limit.
  maxEventBytes: 5_000_000,
  async prepare(folder) {
    await copyFile(join(import.meta.dirname, 'python/handler.py'), join(folder, 'handler.py'));
    return {
      file: join(PYTHON_PEER, 'bin/python3'),
      args: ['-m', 'awslambdaric', 'handler.handler'],
      folder,
      variables: {},
    };
  },
});
