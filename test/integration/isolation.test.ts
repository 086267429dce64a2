import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { needs } from '../helpers/needs.ts';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';

const HELLO = join(import.meta.dirname, '../../function/hello-node');
const ENVIRONMENT = `import { existsSync, writeFileSync } from 'node:fs';
const canWrite = (path) => { try { writeFileSync(path, ''); return true } catch { return false } };
export const handler = () => ({
  variables: Object.keys(process.env).sort(),
  cwd: process.cwd(),
  uid: process.getuid(),
  writes: ['/opt/x', '/var/task/x', '/x', process.env.TMPDIR ?? '/tmp'].map((path, index) => canWrite(index < 3 ? path : path + '/x')),
});`;

for (const isolation of ['bwrap', 'userns', 'paths'] as const) {
  const needed = isolation === 'bwrap' ? needs('bwrap') : {};
  test(
    `isolation ${isolation}: the three built zips answer, cold and warm, with Lambda's variables alone`,
    needed,
    async (t) => {
      const lambda = await useLocalLambda(
        t,
        { hello: { folder: HELLO }, look: { files: { 'function.bundle.js': ENVIRONMENT } } },
        { isolation },
      );
      assert.equal(lambda.isolation.name, isolation);
      const cold = await lambda.call('hello', { name: 'Ada' });
      assert.deepEqual(cold.value, { greeting: 'Hello, Ada' });
      assert.ok(cold.initMs !== undefined && cold.initMs > 0);
      const warm = await lambda.call('hello', { name: 'Grace' });
      assert.deepEqual(warm.value, { greeting: 'Hello, Grace' });
      assert.equal(warm.initMs, undefined);

      const { value } = await lambda.call('look', {});
      const { variables, cwd, uid, writes } = value as {
        variables: string[];
        cwd: string;
        uid: number;
        writes: boolean[];
      };
      const foreign = variables.filter(
        (name) => !/^(AWS_|_?LAMBDA_|_HANDLER$|_X_AMZN_|_AWS_XRAY)/.test(name),
      );
      const expected = ['LANG', 'LD_LIBRARY_PATH', 'NODE_PATH', 'PATH', 'TZ'];
      const allowed = { bwrap: ['PWD'], userns: [], paths: ['TMPDIR'] }[isolation];
      // What a shell sets by itself when it starts the bootstrap.
      const ofBash = ['OLDPWD', 'PWD', 'SHLVL', '_'];
      assert.deepEqual(
        foreign.filter((name) => ![...allowed, ...ofBash].includes(name)),
        expected,
      );
      if (isolation === 'paths') return;
      assert.equal(cwd, '/var/task');
      assert.equal(uid, 993);
      assert.deepEqual(writes, [false, false, false, true]);
    },
  );
}
