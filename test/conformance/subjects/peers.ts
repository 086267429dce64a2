import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PHP, PYTHON_PEER, pinnedNode } from '../../helpers/clients.ts';
import { makeRicFunction } from '../../helpers/make-ric-function.ts';
import { PROGRAMS, type ProgramName } from '../../helpers/needs.ts';
import type { BootstrapCommand } from '../bootstrap-process.ts';
import { type CompiledLanguage, compile, missingCompiler } from './compile.ts';
import { LANGUAGES } from './language.ts';
import type { Subject } from './subject.ts';

interface Peer {
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly missing: string | undefined;
  /** What it cannot beyond its language. */
  readonly without?: Subject['without'];
  /** Lays what the bootstrap itself needs and says how it starts. */
  lay(taskFolder: string): Promise<BootstrapCommand>;
}

/** What is judged beside our runtime, whether installed or not. */
export function peerSubjects(): readonly Subject[] {
  return [
    nodeClient(),
    pythonClient(),
    compiled('go', 'Go'),
    compiled('rust', 'Rust'),
    phpLoop(),
    bashLoop(),
  ].map(({ name, description, language, missing, without, lay }) => ({
    name,
    description,
    without: { ...LANGUAGES[language]?.without, ...without },
    missing,
    handler: (entry) => `function.${entry}`,
    async prepare(taskFolder) {
      await LANGUAGES[language]?.lay(taskFolder);
      return lay(taskFolder);
    },
  }));
}

function notInstalled(program: ProgramName): string | undefined {
  return existsSync(PROGRAMS[program]) ? undefined : `${program} is not installed: run make setup in a clone`;
}

function nodeClient(): Peer {
  return {
    name: 'Node client',
    description: 'the official client for Node',
    language: 'node',
    missing: notInstalled('aws-lambda-ric'),
    without: {
      'snapshot-hooks': 'the client knows none',
      'shutdown-hook': 'the client registers no extension',
    },
    async lay(taskFolder) {
      await makeRicFunction(taskFolder);
      const client = join(taskFolder, 'node_modules/aws-lambda-ric/index.mjs');
      return { file: pinnedNode(), args: [client], variables: {} };
    },
  };
}

function pythonClient(): Peer {
  return {
    name: 'Python client',
    description: 'the official client for Python',
    language: 'python',
    missing: notInstalled('awslambdaric'),
    lay: async () => ({
      file: '/bin/sh',
      // The client takes the handler as an argument; Lambda gives it as a variable.
      args: ['-c', 'exec "$0" -m awslambdaric "$_HANDLER"', join(PYTHON_PEER, 'bin/python3')],
      variables: {},
    }),
  };
}

function compiled(language: CompiledLanguage, title: string): Peer {
  let program: Promise<string> | undefined;
  return {
    name: `${title} client`,
    description: `the official client for ${title}`,
    language,
    missing: missingCompiler(language),
    async lay() {
      program ??= compile(language);
      return { file: await program, args: [], variables: {} };
    },
  };
}

function phpLoop(): Peer {
  return {
    name: 'PHP loop',
    description: 'a loop in one PHP process, as the guide to custom runtimes has it',
    language: 'php',
    missing: notInstalled('php') ?? notInstalled('php-curl'),
    lay: async () => ({
      file: PHP,
      args: [join(import.meta.dirname, '../../bench/peers/php/bootstrap.php')],
      variables: {},
    }),
  };
}

function bashLoop(): Peer {
  return {
    name: 'Bash loop',
    description: 'a loop round curl, as the tutorial on custom runtimes has it',
    language: 'bash',
    missing: notInstalled('curl'),
    lay: async () => ({
      file: '/bin/bash',
      args: [join(import.meta.dirname, '../handlers/bash/bootstrap.sh')],
      variables: {},
    }),
  };
}
