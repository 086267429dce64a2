import { readFileSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { pinnedNode, pinnedNodeFolder, RIC_FOLDER, RIC_PACKAGE } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

const SOURCE = join(import.meta.dirname, 'ric');

/** Installs the official Node client of the Runtime API, its native part built for the pinned Node. */
export const ric: Step = {
  name: 'aws-lambda-ric',
  missing: () => (isStamped(PROGRAMS['aws-lambda-ric'], digest()) ? [] : ['aws-lambda-ric']),
  install,
};

function digest(): string {
  const files = [join(SOURCE, 'package-lock.json'), join(pinnedNodeFolder(), 'package.json')];
  return digestOf([...files.map((file) => readFileSync(file, 'utf8')), process.arch]);
}

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  await rm(RIC_FOLDER, { recursive: true, force: true });
  await mkdir(RIC_FOLDER, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    await copyFile(join(SOURCE, file), join(RIC_FOLDER, file));

  const options = {
    environment,
    signal,
    logFile: join(logFolder, 'aws-lambda-ric.log'),
    next: 'read the log, then run make setup again: it starts this step afresh',
  };
  // On the machine's Node and without --prefix: either would move the place where npm looks for its global settings,
  // such as certificates and mirrors.
  const npmCi = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'] as const;
  await runCommand([...npmCi], { ...options, cwd: RIC_FOLDER });
  const building = {
    ...options,
    cwd: RIC_PACKAGE,
    environment: {
      ...environment,
      // node-gyp runs on the pinned Node and builds against the headers in its package: nothing is downloaded.
      PATH: [join(pinnedNodeFolder(), 'bin'), environment.PATH].join(delimiter),
      npm_config_nodedir: pinnedNodeFolder(),
      PYTHON: '/usr/bin/python3',
    },
  };
  // Called by their path, so that no other package's scripts run and npm's own rules on scripts do not matter.
  await runCommand(['/bin/sh', 'scripts/preinstall.sh'], building);
  await runCommand(['/bin/sh', 'scripts/postinstall.sh'], building);
  // The native part aborts the process when it is loaded without this variable; nothing is sent there.
  const loading = { ...options, environment: { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9' } };
  await runCommand(
    [pinnedNode(), '--eval', `require(${JSON.stringify(join(RIC_PACKAGE, 'rapid-client.node'))})`],
    loading,
  );
  stamp(PROGRAMS['aws-lambda-ric'], digest());
}
