import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { useLayers } from '../helpers/built-layers.ts';
import { startCommand } from '../helpers/run-command.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { findProcesses } from '../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../..');
const FUNCTION = `import { randomInt } from 'node:crypto';
import type { Handler } from 'pilotlight';
export const handler: Handler<{ name: string }> = async ({ name }) => ({ greeting: \`Hello, \${name}\`, dice: randomInt(6) });
`;
/** Where the README has the local Lambda. */
const ENDPOINT = 'http://127.0.0.1:9000';
/** What makes a command of the README end sooner, and how it ends where that is not with 0. */
const SHORTER: Readonly<Record<string, readonly string[]>> = {
  layers: ['--arch', MACHINE_ARCH],
  conformance: ['--case', 'slow and reset connections'],
  bench: ['--size', '150', '--placement', 'one'],
};
const EXIT_CODES: Readonly<Record<string, number>> = { plan: 1 };

test('the packed package builds, checks, deploys and measures a function far from here', async (t) => {
  const { runtime } = await useLayers();
  const folder = useTmp(t);
  const [shop, tmp, cache] = ['shop', 't', 'cache'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [shop, tmp, join(cache, 'pilotlight')]) mkdirSync(path, { recursive: true });
  // Filled from here: npm takes ten seconds for Node's binaries.
  symlinkSync(join(PROJECT, 'layers/interpreters'), join(cache, 'pilotlight/interpreters'));
  const env = { ...process.env, TMPDIR: tmp, XDG_CACHE_HOME: cache };
  const run = async (command: readonly string[], cwd = shop) => {
    const { code, stdout, stderr } = await startCommand(t, command as [string], { cwd, env }).result;
    return { code, stdout, output: `${command.join(' ')}\n${stdout}${stderr}` };
  };

  // It would be installed anew first, under the tests that run meanwhile.
  const { code: isOld } = await run(['make', '--question', 'node_modules/.package-lock.json'], PROJECT);
  assert.equal(isOld, 0, 'what is installed is older than package.json: make test installs first');
  const packed = await run(['npm', 'pack', '--pack-destination', folder], PROJECT);
  const [tarball = ''] = /pilotlight-\S+\.tgz$/m.exec(packed.stdout) ?? [];
  assert.equal(packed.code, 0, packed.output);
  writeFileSync(join(shop, 'function.ts'), FUNCTION);
  layManifests(shop, `file:../${tarball}`);
  const installed = await run(['npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund']);
  assert.equal(installed.code, 0, installed.output);
  const before = filesOf(join(shop, 'node_modules/pilotlight'));

  const { stdout: overview } = await run(['npx', 'pilotlight', '--help']);
  const verbs = [...overview.matchAll(/^ {2}(\w+) {2,}/gm)].map(([, verb]) => `${verb}`);
  assert.ok(verbs.length > 10, overview);
  for (const { code, output } of await Promise.all(
    verbs.map((verb) => run(['node_modules/.bin/pilotlight', verb, '--help'])),
  )) {
    assert.equal(code, 0, output);
  }

  const dev = startCommand(t, ['npx', 'pilotlight', 'dev', '--port', '0'], { cwd: shop, env });
  const endpoint = (await dev.firstOutput).replace('ready ', '').trim();
  const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
  const lines = readme.match(/^npx pilotlight .+$/gm) ?? [];
  for (const line of lines) {
    const words = line.replace(ENDPOINT, endpoint).split(' ');
    const verb = words[2] ?? '';
    const { code, output } = await run([...words, ...(SHORTER[verb] ?? [])]);
    assert.equal(code, EXIT_CODES[verb] ?? 0, output);
  }
  assert.ok(lines.length >= 6, 'build, check, plan, deploy, conformance and bench at least');
  const answer = await fetch(`${endpoint}/2015-03-31/functions/shop/invocations`, {
    method: 'POST',
    body: '{"name":"Ada"}',
  });
  const { greeting } = (await answer.json()) as { greeting: string };
  dev.interrupt();
  const ended = await dev.result;

  assert.equal(greeting, 'Hello, Ada');
  // npx ends by the signal as well.
  assert.ok(ended.code === 130 || ended.signal === 'SIGINT', ended.stderr);
  assert.deepEqual(
    readFileSync(join(shop, 'dist/runtime.zip')),
    readFileSync(runtime),
    'the same layer as here',
  );
  assert.deepEqual(
    filesOf(join(shop, 'node_modules/pilotlight')),
    before,
    'nothing is written into the package',
  );
  assert.deepEqual(
    readdirSync(tmp).filter((name) => name !== 'node-compile-cache'),
    [],
  );
  assert.deepEqual(findProcesses(folder), []);
});

/** The lock is ours: so npm has all it needs from when it installed what is here. */
function layManifests(folder: string, tarball: string): void {
  const { packages } = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as Lock;
  const { '': own, ...others } = packages;
  const needed = Object.fromEntries(Object.entries(others).filter(([, { dev }]) => dev !== true));
  const { devDependencies: _, ...pilotlight } = own ?? {};
  const dependencies = { pilotlight: tarball };
  const lock = {
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { dependencies },
      'node_modules/pilotlight': { ...pilotlight, resolved: tarball },
      ...needed,
    },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devDependencies?: unknown }>>;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).mtimeMs}`)
    .sort();
}
