import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeLook } from '../../../../runtime/deadline/node/node-look.ts';

const PROGRAM = `setInterval(() => {}, 1_000); console.log('runs');`;

async function useProgram(t: TestContext): Promise<number> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await once(child.stdout, 'data');
  return child.pid as number;
}

/** Until it has seen something. */
async function untilSeen(look: NodeLook): Promise<void> {
  while (Object.keys(look.report(false, false)).length === 0) await delay(1);
}

test('a look opens the inspector that another is just closing', { timeout: 20_000 }, async (t) => {
  const look = new NodeLook(await useProgram(t), '/opt/pilotlight/hosts/node.mjs', undefined, false);
  for (let run = 0; run < 2; run++) {
    const ended = new AbortController();
    const running = look.run(ended.signal);
    await untilSeen(look);
    ended.abort();
    await running;
  }
});
