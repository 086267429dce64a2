import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeFunctionZip } from '../../layers/build/function-zip.ts';
import { partList } from '../../layers/build/part-list.ts';
import { readParts } from '../../layers/build/parts-file.ts';
import { type BootstrapRequest, useBootstrap } from '../helpers/use-bootstrap.ts';
import { useLayers, useLocalLambda } from '../helpers/use-local-lambda.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { writeFiles } from '../helpers/write-files.ts';
import { type ReadEntry, readZip, textOf } from '../unit/layers/read-zip.ts';

const BUNDLE = 'export const handler = () => pilotlight.parts;';
const { signal } = new AbortController();

function listOf(path: string, files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(([file, text]) => ({
    path: file,
    content: Buffer.from(text),
    executable: false,
  }));
  return String(partList(path, entries).entry.content);
}

const FILES = {
  'function.bundle.js': BUNDLE,
  'function.files': listOf('function.files', { 'function.bundle.js': BUNDLE }),
};

describe('a part with another file than it was built with', () => {
  let layer: ReadEntry[];
  before(async () => {
    layer = await readZip((await useLayers()).runtime);
  });
  const ofLayer = (path: string) => textOf(layer, path);

  /** By the file that is told of. */
  const CASES: Readonly<Record<string, () => Pick<BootstrapRequest, 'files' | 'opt'>>> = {
    'function.bundle.js': () => ({
      files: { ...FILES, 'function.bundle.js': BUNDLE.replace('parts', 'ports') },
    }),
    'pilotlight/bootstrap.cjs': () => ({
      files: FILES,
      opt: { 'pilotlight/bootstrap.cjs': ofLayer('pilotlight/bootstrap.cjs').replace('// ', '/// ') },
    }),
    'pilotlight/hosts/node.mjs': () => ({
      files: FILES,
      opt: { 'pilotlight/hosts/node.mjs': ofLayer('pilotlight/hosts/node.mjs').replace('// ', '//_') },
    }),
  };
  for (const [path, plant] of Object.entries(CASES)) {
    test(`is refused at init: ${path}`, async (t) => {
      const { api, exited } = await useBootstrap(t, {
        ...plant(),
        variables: { PILOTLIGHT_VERIFY: 'quick' },
      });
      const { errorType, errorMessage } = JSON.parse(String((await api.initError()).body));
      assert.equal(errorType, 'Runtime.PartTampered', errorMessage);
      assert.match(errorMessage, new RegExp(`/(?:opt|task)/${path}": `));
      assert.equal(await exited, 1);
    });
  }

  test('is refused at init whatever runs of it, when all files are looked at', async (t) => {
    const execa = 'pilotlight/lazy/execa.cjs';
    const opt = { [execa]: ofLayer(execa).replace(/;/, ' ') };
    const { api } = await useBootstrap(t, { files: FILES, opt, variables: { PILOTLIGHT_VERIFY: 'full' } });
    const { errorType, errorMessage } = JSON.parse(String((await api.initError()).body));
    assert.deepEqual([errorType, /execa\.cjs": /.test(errorMessage)], ['Runtime.PartTampered', true]);
  });

  test('runs when nobody is to look', async (t) => {
    const files = { ...FILES, 'function.bundle.js': `${BUNDLE}//` };
    const { api } = await useBootstrap(t, { files, variables: { PILOTLIGHT_VERIFY: 'off' } });
    await api.polled();
  });
});

describe('the digests of the parts', () => {
  const folder = useTmp({ after });
  let zip: string;
  let fn: string;
  before(async () => {
    writeFiles(folder, { 'fn/function.bundle.js': BUNDLE });
    const made = await makeFunctionZip(join(folder, 'fn'), { out: join(folder, 'out'), signal });
    zip = made.path;
    fn = made.contentsSha256;
  });

  for (const name of ['node', 'deno', 'bun']) {
    test(`are those of parts.json in a worker on ${name}, all files being as they were built`, async (t) => {
      const { interpreter, runtime } = await useLayers(name);
      const settings = {
        environment: { PILOTLIGHT_VERIFY: 'full', PILOTLIGHT_INTERPRETER: name },
        timeoutS: 20,
      };
      const lambda = await useLocalLambda(t, { fn: { zip, layers: [interpreter, runtime], settings } });
      const parts = readParts(join(runtime, '..'));
      const ofZip = (path: string) => Object.values(parts).find((part) => path.endsWith(`/${part.zip}`));
      assert.deepEqual((await lambda.call('fn', {})).value, {
        interpreter: ofZip(interpreter)?.contentsSha256,
        runtime: ofZip(runtime)?.contentsSha256,
        function: fn,
      });
    });
  }

  test('are logged at init, as text and as JSON', async (t) => {
    const { interpreter, runtime } = await useLayers();
    const expected = new RegExp(
      `parts: interpreter node \\S+ sha256:\\w{64}, runtime sha256:\\w{64}, function sha256:${fn}$`,
    );
    const environment = { PILOTLIGHT_LOG: 'info' };
    const lambda = await useLocalLambda(t, {
      text: { zip, layers: [interpreter, runtime], settings: { environment } },
      json: { zip, layers: [interpreter, runtime], settings: { environment, logFormat: 'JSON' } },
    });
    await lambda.call('text', {});
    assert.match(lambda.lines.find((line) => line.startsWith('pilotlight info parts')) ?? '', expected);
    const from = lambda.lines.length;
    await lambda.call('json', {});
    const line = lambda.lines.slice(from).find((text) => text.includes('"message":"parts: '));
    const { timestamp, level, message } = JSON.parse(line ?? '{}');
    assert.deepEqual([level, Number.isNaN(Date.parse(timestamp))], ['INFO', false]);
    assert.match(message, expected);
  });
});
