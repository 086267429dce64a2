import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { logs } from '../../../layers/logs/cli.ts';
import { startCommand } from '../../helpers/run-command.ts';
import { useControl } from '../../helpers/use-control.ts';
import { runVerb } from '../../unit/emulator/use-verb.ts';

const PROJECT = join(import.meta.dirname, '../../..');

describe('the logs of a function in the local Lambda', () => {
  const shared = useControl();
  const read = (...args: string[]) => runVerb(logs, ...args, '--endpoint-url', shared.lambda.url);
  const say = (FunctionName: string, ...lines: string[]) => {
    const Payload = JSON.stringify({ do: 'log', lines });
    return shared.client.send(new InvokeCommand({ FunctionName, Payload }));
  };

  test('logs prints lines once as they come, and those that fit a filter', async () => {
    await shared.create('talks');
    const followed = read('talks', '--follow');
    await say('talks', 'first good line', 'second bad line');
    await followed.printed('REPORT RequestId');
    await say('talks', 'third good line');
    await followed.printed('third good line');
    followed.interrupt();
    await assert.rejects(followed.exitCode, { name: 'AbortError' });
    const times = (text: string) => followed.stdout().split(text).length - 1;
    assert.deepEqual([times('first good line'), times('INIT_START'), times('third good line')], [1, 1, 1]);

    const filtered = async (...args: string[]) => {
      const verb = read('talks', ...args);
      assert.equal(await verb.exitCode, 0);
      return verb.stdout().trimEnd().split('\n');
    };
    const told = (await filtered('--filter', 'good line -third')).map((line) => line.split('  ')[1]);
    assert.deepEqual(told, ['first good line']);
    const [line, ...others] = await filtered('--filter', '"second bad"', '--json');
    assert.deepEqual(others, []);
    const { time, stream, message } = JSON.parse(line ?? '');
    assert.equal(message, 'second bad line');
    assert.match(`${time} ${stream}`, /^\d{4}-\d\d-\d\dT[\d:.]+Z \d{4}\/\d\d\/\d\d\/\[\$LATEST\]/);
    assert.deepEqual(await filtered('--since', '0s'), ['']);
  });

  test('logs --follow ends with the next line when nobody reads any more', { timeout: 60_000 }, async (t) => {
    await shared.create('read-once');
    const follow = `node runtime/bin.mjs logs read-once --follow --endpoint-url ${shared.lambda.url}`;
    const command = `{ ${follow}; echo "ended with $?" >&2; } | head -n 1`;
    const { result } = startCommand(t, ['/bin/sh', '-c', command], { cwd: PROJECT });
    let ended = false;
    const ending = result.finally(() => {
      ended = true;
    });
    for (let count = 0; !ended && !t.signal.aborted; count += 1) await say('read-once', `line ${count}`);
    const { stdout, stderr } = await ending;
    assert.equal(stderr, 'ended with 0\n');
    assert.match(stdout, /^.*INIT_START.*\n$/);
  });

  test('logs says where there is neither function nor log, and no such pattern', async () => {
    const pattern = read('talks', '--filter', '{ $.level = "error" }');
    await assert.rejects(pattern.exitCode, { code: 'CANNOT', message: /filter patterns of words alone/ });
    const nobody = read('nobody');
    await assert.rejects(nobody.exitCode, { code: 'CANNOT', message: /neither the function nor its log/ });
    await assert.rejects(read('talks', '--since', 'noon').exitCode, { code: 'USAGE', message: /"noon"/ });
  });
});
