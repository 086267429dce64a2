import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON_PEER, pinnedNode } from '../../helpers/clients.ts';
import { makeRicFunction } from '../../helpers/make-ric-function.ts';
import { PROGRAMS, type ProgramName } from '../../helpers/needs.ts';
import type { BootstrapCommand } from '../bootstrap-process.ts';
import { LANGUAGES } from './language.ts';
import type { Subject } from './subject.ts';

interface Peer {
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly program: ProgramName;
  /** Lays what the bootstrap itself needs and says how it starts. */
  lay(taskFolder: string): Promise<BootstrapCommand>;
}

const PEERS: readonly Peer[] = [
  {
    name: 'Node client',
    description: 'the official client for Node',
    language: 'node',
    program: 'aws-lambda-ric',
    async lay(taskFolder) {
      await makeRicFunction(taskFolder);
      const client = join(taskFolder, 'node_modules/aws-lambda-ric/index.mjs');
      return { file: pinnedNode(), args: [client], variables: {} };
    },
  },
  {
    name: 'Python client',
    description: 'the official client for Python',
    language: 'python',
    program: 'awslambdaric',
    lay: async () => ({
      file: '/bin/sh',
      // The client takes the handler as an argument; Lambda gives it as a variable.
      args: ['-c', 'exec "$0" -m awslambdaric "$_HANDLER"', join(PYTHON_PEER, 'bin/python3')],
      variables: {},
    }),
  },
  {
    name: 'Bash loop',
    description: 'a loop round curl, as the tutorial on custom runtimes has it',
    language: 'bash',
    program: 'curl',
    lay: async () => ({
      file: '/bin/bash',
      args: [join(import.meta.dirname, '../handlers/bash/bootstrap.sh')],
      variables: {},
    }),
  },
];

/** What is judged beside our runtime, whether installed or not. */
export function peerSubjects(): readonly Subject[] {
  return PEERS.map(({ name, description, language, program, lay }) => ({
    name,
    description,
    without: LANGUAGES[language]?.without ?? {},
    missing: existsSync(PROGRAMS[program]) ? undefined : `${program} is not installed: run make setup`,
    handler: (entry) => `function.${entry}`,
    async prepare(taskFolder) {
      await LANGUAGES[language]?.lay(taskFolder);
      return lay(taskFolder);
    },
  }));
}
