import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';

/** The one that the distribution's AWS CLI runs on. */
const PYTHON = '/usr/bin/python3';
const COMMANDS = join(import.meta.dirname, '../fixtures/clients/aws-commands.py');
const ENVIRONMENT = {
  PATH: '/usr/bin:/bin',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_DEFAULT_OUTPUT: 'json',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

/** How a command of the AWS CLI ended. */
export interface AwsAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs commands of the AWS CLI in one process, for all tests of a `describe`, one at a time.
 *
 * @param target tells the address of the API
 */
export function useAwsCommands(target: () => string) {
  let run: (args: readonly string[]) => Promise<AwsAnswer>;
  let stop = async (): Promise<void> => {};
  before(() => {
    const python = spawn(PYTHON, [COMMANDS], { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(python, 'exit');
    const lines = on(createInterface({ input: python.stdout }), 'line', { close: ['close'] });
    run = async (args) => {
      python.stdin.write(`${JSON.stringify(args)}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error(`The AWS CLI ended: ${args.join(' ')}`);
      return JSON.parse(value[0]);
    };
    stop = async () => {
      python.stdin.end();
      await ended;
    };
  });
  after(() => stop());

  const ask = (command: string, ...args: string[]) =>
    run([...command.split(' '), '--endpoint-url', target(), ...args]);
  return {
    /** Runs a command that may fail. */
    ask,
    /** Runs a command that must not; what it printed as JSON. */
    async aws(command: string, ...args: string[]) {
      const { code, stdout, stderr } = await ask(command, ...args);
      if (code !== 0) throw new Error(`aws ${command} ${args.join(' ')}: ${code} ${stderr}`);
      return stdout === '' ? undefined : JSON.parse(stdout);
    },
  };
}
