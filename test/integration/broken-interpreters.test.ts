import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeZip } from '../../layers/build/zip.ts';
import { NODE_MANIFEST } from '../helpers/use-bootstrap.ts';
import { useLayers, useLocalLambda } from '../helpers/use-local-lambda.ts';
import { useTmp } from '../helpers/use-tmp.ts';

/** Small and linked as interpreters are: what is broken is found before the first line of a program. */
const PROGRAM = readFileSync('/bin/true');
const HELLO = { 'function.bundle.js': 'export const handler = () => process.version;' };

/** By what one can meet with. */
interface Case {
  readonly binary: Buffer;
  /** How often the shell has to start to know: what dies behind `exec` leaves nobody to say so. */
  readonly starts: number;
  /** What the shell says of the bootstrap's interpreter. */
  readonly shell: RegExp;
  /** What the bootstrap says of the worker's. */
  readonly bootstrap: RegExp;
}
const CASES: Readonly<Record<string, Case>> = {
  'of the wrong architecture': {
    binary: withMachine(PROGRAM, process.arch === 'x64' ? 183 : 62),
    starts: 1,
    shell: /does not run here; expected an executable program for/,
    bootstrap:
      process.arch === 'x64' ? /built for arm64, expected x86_64$/ : /built for x86_64, expected arm64$/,
  },
  'that needs a newer glibc': {
    binary: replaced(PROGRAM, 'GLIBC_2.34\0', 'GLIBC_9.34\0'),
    starts: 2,
    shell: /version `GLIBC_9\.34' not found/,
    bootstrap: /version `GLIBC_9\.34' not found/,
  },
  'that lacks a shared library': {
    binary: replaced(PROGRAM, 'libc.so.6\0', 'libx.so.6\0'),
    starts: 2,
    shell: /libx\.so\.6: cannot open shared object file/,
    bootstrap: /libx\.so\.6: cannot open shared object file/,
  },
  'that is cut short': {
    binary: PROGRAM.subarray(0, PROGRAM.length * 0.4),
    starts: 2,
    shell: /does not run here: ended by signal \d+;/,
    bootstrap: /is cut short: \d+ of \d+ bytes$/,
  },
  'that is empty': {
    binary: Buffer.alloc(0),
    starts: 1,
    shell: /does not run here/,
    bootstrap: /is no program, expected an ELF file; it has 0 bytes$/,
  },
};

/** With another number of a machine in its header. */
function withMachine(binary: Buffer, machine: number): Buffer {
  const copy = Buffer.from(binary);
  copy.writeUInt16LE(machine, 18);
  return copy;
}

function replaced(binary: Buffer, from: string, to: string): Buffer {
  assert.equal(to.length, from.length);
  const copy = Buffer.from(binary);
  let count = 0;
  for (let at = copy.indexOf(from); at !== -1; at = copy.indexOf(from, at)) {
    at += copy.write(to, at, 'latin1');
    count += 1;
  }
  assert.ok(count > 0);
  return copy;
}

/** An interpreter layer with another program. */
async function layerWith(t: TestContext, name: string, binary: Buffer): Promise<string> {
  const manifest = { ...NODE_MANIFEST, name, binary: `bin/${name}` };
  const text = (path: string, content: string) => ({
    path,
    content: Buffer.from(content),
    executable: false,
  });
  const zip = join(useTmp(t), `${name}.zip`);
  await writeZip(zip, [
    { path: manifest.binary, content: binary, executable: true },
    text(`interpreters/${name}.json`, JSON.stringify(manifest)),
    text(
      `interpreters/${name}.start`,
      `{binary}\n{bootstrap}\n\n{binary}\n{layers}/pilotlight/${manifest.host}\n`,
    ),
  ]);
  return zip;
}

async function refusal(t: TestContext, layers: readonly string[], interpreter: string, calls = 1) {
  const settings = { environment: { PILOTLIGHT_INTERPRETER: interpreter } };
  const lambda = await useLocalLambda(t, { fn: { files: HELLO, layers, settings } });
  for (let call = 1; call < calls; call++) await lambda.call('fn', {});
  const { value, failed } = await lambda.call('fn', {});
  const { errorType, errorMessage } = value as Record<'errorType' | 'errorMessage', string>;
  assert.deepEqual([failed, errorType], [true, 'Runtime.InterpreterUnusable'], errorMessage);
  return errorMessage;
}

for (const [what, { binary, starts, shell, bootstrap }] of Object.entries(CASES)) {
  test(`an interpreter ${what} is refused by the shell where the bootstrap needs it`, async (t) => {
    const { runtime } = await useLayers();
    const message = await refusal(t, [await layerWith(t, 'node', binary), runtime], 'node', starts);
    assert.match(message, shell);
  });

  test(`an interpreter ${what} is refused by the bootstrap where only the worker needs it`, async (t) => {
    const { interpreter, runtime } = await useLayers();
    const message = await refusal(t, [interpreter, await layerWith(t, 'mine', binary), runtime], 'mine');
    assert.match(message, bootstrap);
  });
}

test('a start that failed for another reason does not keep a good interpreter from the next', async (t) => {
  const once = `import { existsSync, rmSync, writeFileSync } from 'node:fs';
const mark = \`\${process.env.TMPDIR}/was-here\`;
if (!existsSync(mark)) {
  writeFileSync(mark, '');
  // The bootstrap too, before it could clean up.
  rmSync(\`\${process.env.TMPDIR}/pilotlight\`, { recursive: true });
  process.kill(process.ppid, 'SIGKILL');
}
export const handler = () => 'well';`;
  const lambda = await useLocalLambda(t, { fn: { files: { 'function.bundle.js': once } } });
  assert.equal((await lambda.call('fn', {})).failed, true);
  assert.equal((await lambda.call('fn', {})).value, 'well');
});
