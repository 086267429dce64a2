import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type BootstrapRequest, useBootstrap } from '../../helpers/use-bootstrap.ts';

/** What a worker finds when it looks at itself. */
interface View {
  readonly descriptors: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly modes: Readonly<Record<string, string>>;
}

const LOOK = {
  'function.bundle.js': `
    import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
    import { dirname, join } from 'node:path';
    const { readdir } = process.getBuiltinModule('node:fs').promises;
    const mode = (path) => (lstatSync(path).mode & 0o777).toString(8);
    const link = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd); } catch { return undefined; } };
    export const handler = async () => {
      const root = join(process.env.TMPDIR, 'pilotlight');
      return {
        descriptors: Object.fromEntries((await readdir('/proc/self/fd')).map((fd) => [fd, link(fd)]).filter((pair) => pair[1])),
        variables: { ...process.env },
        modes: { root: mode(root), run: mode(join(root, 'run')), socket: mode(join(root, 'run/w1.sock')) },
      };
    };`,
};

async function look(t: TestContext, launch: string, request: Partial<BootstrapRequest> = {}) {
  const { api } = await useBootstrap(t, {
    files: LOOK,
    ...request,
    variables: { PILOTLIGHT_LAUNCH: launch, ...request.variables },
  });
  return JSON.parse(String((await api.send({ id: 'a' })).body)) as View;
}

for (const launch of ['overlap', 'node']) {
  test(`a worker has no descriptor of the bootstrap, nor what that was given (launch ${launch})`, async (t) => {
    const secret = openSync(import.meta.filename, 'r');
    const { descriptors } = await look(t, launch, { descriptors: ['ignore', secret, secret] });
    const { 0: input, 1: output, 2: errors, 3: lines, ...others } = descriptors;
    for (const own of [input, output, errors, lines]) assert.match(String(own), /^(pipe|socket):/);
    assert.equal(new Set([input, output, errors, lines]).size, 4);
    // Node's own: its event loops, and the two ends of the connection that brought this event.
    for (const [fd, link] of Object.entries(others)) {
      assert.match(link, /^(anon_inode:|socket:|pipe:|\/dev\/null$)/, `${fd} is ${link}`);
    }
    const sockets = Object.values(others).filter((link) => link.startsWith('socket:'));
    assert.equal(sockets.length, 2);
  });

  test(`a worker has neither the Runtime API's address nor what the bootstrap keeps for itself (launch ${launch})`, async (t) => {
    const { variables } = await look(t, launch, {
      variables: { AWS_SECRET_ACCESS_KEY: 'secret', AWS_ACCESS_KEY_ID: 'id', NODE_NO_WARNINGS: '1' },
    });
    const own = Object.keys(variables).filter((name) => /RUNTIME_API|PILOTLIGHT_(?!LAUNCH$)/.test(name));
    assert.deepEqual(own, []);
    assert.partialDeepStrictEqual(variables, {
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ACCESS_KEY_ID: 'id',
      NODE_NO_WARNINGS: '1',
    });
  });

  test(`a worker gets the function's variables as they are, whatever their names (launch ${launch})`, async (t) => {
    const names = [
      'root',
      'task',
      'name',
      'line',
      'command',
      'file',
      'found',
      'place',
      'memory',
      'heap',
      'input',
    ];
    const mine = Object.fromEntries(
      [...names, 'type', 'message', 'body', 'host', 'telemetry'].map((name) => [name, `my ${name}`]),
    );
    const { variables } = await look(t, launch, {
      variables: { ...mine, PILOTLIGHT_HANDED: '0', PILOTLIGHT_LAUNCHED: 'node 1 0 1 2' },
    });
    assert.partialDeepStrictEqual(variables, mine);
  });

  test(`a worker's socket lies in folders that are the owner's alone (launch ${launch})`, async (t) => {
    const { modes } = await look(t, launch);
    assert.deepEqual(modes, { root: '700', run: '700', socket: '600' });
  });
}
