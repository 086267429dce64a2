import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execa } from 'execa';
import { z } from 'zod';
import { chooseIsolation } from '../../../../runtime/emulator/sandbox/isolation.ts';
import { RUNGS } from './use-sandbox.ts';

const ANSWER = z.array(
  z.object({
    name: z.string().optional(),
    reason: z.string().optional(),
    code: z.string().optional(),
    next: z.string().optional(),
  }),
);

/**
 * Asks for isolations on a machine where something is missing.
 *
 * @param handicap lines of sh that take it away, in a user and mount namespace of their own
 */
async function chooseWith(handicap: string, wanted: readonly string[]) {
  const module = new URL('../../../../runtime/emulator/sandbox/isolation.ts', import.meta.url);
  const program = `import { chooseIsolation } from ${JSON.stringify(module.href)};
    const answers = [];
    for (const name of ${JSON.stringify(wanted)}) answers.push(await chooseIsolation(name).catch(({ code, message, next }) => ({ code, reason: message, next })));
    console.log(JSON.stringify(answers));`;
  const script = `${handicap}\nexec "$0" --input-type=module --eval "$1"`;
  const { stdout } = await execa(
    'unshare',
    ['-r', '-m', 'sh', '-e', '-c', script, process.execPath, program],
    {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      extendEnv: false,
    },
  );
  return ANSWER.parse(JSON.parse(stdout));
}

for (const { isolation, options } of RUNGS) {
  test(`chooseIsolation() takes ${isolation} when it is asked for`, options, async () => {
    assert.deepEqual(await chooseIsolation(isolation), { name: isolation, reason: 'asked for' });
  });
}

const [bwrap, userns] = RUNGS;

test('chooseIsolation() takes bubblewrap first', bwrap?.options ?? {}, async () => {
  assert.equal((await chooseIsolation('auto')).name, 'bwrap');
});

test(
  'chooseIsolation() takes user namespaces where bubblewrap is missing',
  userns?.options ?? {},
  async () => {
    const hide =
      'for path in /usr/bin/bwrap /usr/local/bin/bwrap; do [ ! -e $path ] || mount --bind /dev/null $path; done';
    const [auto, forced] = await chooseWith(hide, ['auto', 'bwrap']);
    assert.equal(auto?.name, 'userns');
    assert.match(auto?.reason ?? '', /bubblewrap/);
    assert.equal(forced?.code, 'CANNOT');
    assert.match(forced?.next ?? '', /install bubblewrap/);
  },
);

test('chooseIsolation() takes paths where user namespaces are refused', userns?.options ?? {}, async () => {
  const refuse = 'echo 0 >/proc/sys/user/max_user_namespaces';
  const [auto, forced, paths] = await chooseWith(refuse, ['auto', 'userns', 'paths']);
  assert.equal(auto?.name, 'paths');
  assert.match(auto?.reason ?? '', /user namespaces are refused: ./);
  assert.equal(forced?.code, 'CANNOT');
  assert.equal(paths?.name, 'paths');
});
