import assert from 'node:assert/strict';
import { EXTENSION_ID } from '../api/api-server.ts';
import type { ConformanceCase, Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import { EXTENSIONS } from './sources.ts';

const withHook = (each: Omit<ConformanceCase, 'source'>): ConformanceCase => ({
  ...each,
  source: EXTENSIONS,
  needs: ['shutdown-hook'],
  variables: { CONFORMANCE_HOOK: 'shutdown' },
});

function registrations(kit: Kit) {
  return kit.api.extensionRequests.filter(({ path }) => path.endsWith('/register'));
}

/** Waits for a line of the bootstrap's output. */
async function written(kit: Kit, line: string): Promise<void> {
  for (let tries = 0; !(await kit.process.output()).includes(line); tries++) {
    assert.ok(tries < 250, `"${line}" was not written`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Registration of a runtime that wants to be told of its end: Lambda kills environments without extensions. */
export const extensions: Group = {
  name: 'internal extension',
  cases: [
    {
      name: 'extension-only-with-hook',
      clause: 'Init waits for each extension: a function without a hook for its end costs no registration.',
      source: EXTENSIONS,
      does: 'hands out an event',
      expects: 'no call of the Extensions API',
      async run(kit) {
        await kit.serves();
        await kit.poll();
        assert.deepEqual(
          kit.api.extensionRequests.map(({ path }) => path),
          [],
        );
      },
    },
    withHook({
      name: 'extension-before-poll',
      clause: 'Registration ends with the first poll.',
      does: 'counts the registrations at the first poll and two events later',
      expects: 'one, and no other',
      async run(kit) {
        const poll = await kit.poll();
        assert.equal(registrations(kit).length, 1);
        poll.isTaken = false;
        await kit.serves();
        await kit.serves();
        await kit.poll();
        assert.equal(registrations(kit).length, 1);
      },
    }),
    withHook({
      name: 'extension-events',
      clause: 'An internal extension has a name and cannot ask to be told of SHUTDOWN.',
      does: 'reads the registration',
      expects: 'Lambda-Extension-Name, and a list of events without SHUTDOWN',
      async run(kit) {
        await kit.poll();
        const [registration] = registrations(kit);
        assert.ok(registration !== undefined, 'a registration');
        assert.notEqual(registration.header('lambda-extension-name') ?? '', '');
        const { events } = (await registration.whole()).json as {
          readonly events?: readonly string[] | null;
        };
        assert.ok(!(events ?? []).includes('SHUTDOWN'), `got ${JSON.stringify(events)}`);
      },
    }),
    withHook({
      name: 'extension-next',
      clause:
        'Init ends once every extension has asked for its first event, under the identifier it was given.',
      does: 'answers the registration, and never that call',
      expects: 'the call once, and events served meanwhile',
      async run(kit) {
        await kit.serves();
        const calls = () => kit.api.extensionRequests.filter(({ path }) => path.endsWith('/event/next'));
        const call = await kit.until('the call for the first event', () => calls()[0]);
        assert.equal(call.header('lambda-extension-identifier'), EXTENSION_ID);
        await kit.serves();
        assert.equal(calls().length, 1);
      },
    }),
    withHook({
      name: 'extension-refused',
      clause: 'Where no extension is taken the function is served without its hook, or the runtime ends.',
      does: 'answers the registration with 403',
      expects: 'service, or the end: one registration',
      refusesExtensions: true,
      async run(kit) {
        const request = await kit.requestOrEnd();
        assert.equal(registrations(kit).length, 1);
        if (request === undefined) return;
        request.isTaken = false;
        await kit.serves();
      },
    }),
    withHook({
      name: 'extension-hook-runs',
      clause: 'At SIGTERM the function’s hook runs: Lambda kills the environment 500 ms later.',
      does: 'sends SIGTERM while a poll waits',
      expects: 'what the hook writes',
      async run(kit) {
        await kit.serves();
        await kit.poll();
        await kit.process.signal('SIGTERM');
        await written(kit, 'the hook has run');
      },
    }),
  ],
};
