import { existsSync } from 'node:fs';
import { builder } from '../../layers/builder.ts';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { LAYERS_FOLDER } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import type { Step, StepContext } from './step.ts';

/** Of these parts come from elsewhere than npm: from PyPI, and from Debian. */
const INTERPRETERS = ['php', 'node26'] as const;

/** Build the interpreter layers that npm alone does not suffice for. */
export const interpreterLayers: readonly Step[] = INTERPRETERS.map((name) => ({
  name: `the interpreter layer of ${name}`,
  missing: () => (existsSync(PROGRAMS[`${name}-layer`]) ? [] : [name]),
  install: ({ signal }) => build(name, signal),
}));

async function build(name: string, signal: StepContext['signal']): Promise<void> {
  const wanted = { interpreters: [name], arch: MACHINE_ARCH, out: LAYERS_FOLDER } as const;
  await builder.buildLayers({ ...wanted, signal, note: () => {} });
}
