import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_FAULTS } from './all-faults.ts';
import { type Defect, useDefectProxy } from './defect-proxy.ts';
import { isKilled } from './faults/is-killed.ts';
import { postReset } from './faults/post-reset.ts';
import { throws } from './faults/throws.ts';
import { makePlan } from './plan.ts';
import { type ChaosReport, reportOf, writeReport } from './report.ts';
import { runChaos } from './run-chaos.ts';
import { checkUsage } from './usage.ts';

/** Of the runs in these tests; `make chaos` draws another each time. */
const SEED = 6;
const FAULT_SHARE = 0.3;

test('each of 300 invocations is answered once and right, whatever fails and when', async () => {
  const plan = makePlan({ seed: SEED, count: 300, faultShare: FAULT_SHARE, doubleShare: 0.02 });
  const report = reportOf(await runChaos(plan));
  checkReport(report);
  assert.equal(report.withFault, 90);
  assert.equal(report.withTwo, 6);
});

for (const [form, variables] of [
  ['with a poll behind each answer', { PILOTLIGHT_PIPELINE: 'on' }],
  ['over undici', { PILOTLIGHT_HTTP: 'undici' }],
] as const) {
  test(`each invocation is answered once and right, whatever fails, ${form}`, async () => {
    const count = Math.ceil(ALL_FAULTS.length / FAULT_SHARE);
    const plan = makePlan({ seed: SEED, count, faultShare: FAULT_SHARE, doubleShare: 0 });
    checkReport(reportOf(await runChaos(plan, { variables })));
  });
}

for (const [defect, problem] of [
  ['drop', /asked for again though it had been handed out whole/],
  ['double', /was answered twice/],
  ['garble', /expected its own event back, got response \{\}/],
] as const satisfies readonly (readonly [Defect, RegExp])[]) {
  test(`a run fails when one answer of 20 is wrong (${defect})`, async (t) => {
    const plan = makePlan({ seed: 1, count: 20, faultShare: 0, doubleShare: 0 });
    const { problems } = await runChaos(plan, {
      between: (authority) => useDefectProxy(t, authority, defect, 10),
    });
    assert.match(problems.join('\n'), problem);
  });
}

test('a run fails when a fault has another error type than it should', async () => {
  const mislabelled = [{ ...throws, errorType: 'TypeError' }];
  const plan = makePlan({ seed: 1, count: 5, faultShare: 0.2, doubleShare: 0, faults: mislabelled });
  const { problems } = await runChaos(plan);
  assert.match(problems.join('\n'), /expected the error TypeError, got error .*RangeError/);
  assert.equal(problems.length, 1);
});

test('a run fails when a fault has the runtime post again and that was not to be', async () => {
  const unexplained = [{ ...postReset, repeats: 0 }];
  const plan = makePlan({ seed: 1, count: 5, faultShare: 0.2, doubleShare: 0, faults: unexplained });
  assert.match((await runChaos(plan)).problems.join('\n'), /was answered twice/);
});

test('a plan is the same for the same seed, and another for another', () => {
  const options = { count: 1000, faultShare: FAULT_SHARE, doubleShare: 0.01 };
  assert.deepEqual(makePlan({ seed: 7, ...options }), makePlan({ seed: 7, ...options }));
  assert.notDeepEqual(makePlan({ seed: 7, ...options }), makePlan({ seed: 8, ...options }));
});

test('a plan of 10,000 has 30 % with a fault, 1 % with two, and each fault at least 50 times', () => {
  const { main, endings } = makePlan({
    seed: SEED,
    count: 10_000,
    faultShare: FAULT_SHARE,
    doubleShare: 0.01,
  });
  const all = [...main, ...endings];
  assert.equal(all.length, 10_000);
  assert.equal(all.filter(({ faults }) => faults.length > 0).length, 3000);
  assert.equal(all.filter(({ faults }) => faults.length > 1).length, 100);
  for (const fault of ALL_FAULTS) {
    const count = all.filter(({ faults }) => faults.includes(fault)).length;
    assert.ok(count >= 50, `${fault.name} ${count}`);
  }
  assert.ok(main.every(({ faults }) => faults.every(({ endsEnvironment }) => endsEnvironment !== true)));
});

test('a plan has faults everywhere, and nowhere nothing else', () => {
  const { main } = makePlan({ seed: SEED, count: 5000, faultShare: FAULT_SHARE, doubleShare: 0.01 });
  for (let from = 0; from + 200 <= main.length; from += 200) {
    const faulty = main.slice(from, from + 200).filter(({ faults }) => faults.length > 0).length;
    assert.ok(faulty > 20 && faulty < 120, `${faulty} of 200 from ${from}`);
  }
});

test('two faults of one invocation strike at different places and leave one answer to expect', () => {
  const plan = makePlan({ seed: SEED, count: 2000, faultShare: 0.5, doubleShare: 0.4 });
  for (const { faults } of plan.main.filter((one) => one.faults.length > 1)) {
    assert.equal(new Set(faults.map(({ side }) => side)).size, faults.length);
    assert.ok(faults.filter(({ errorType }) => errorType !== undefined).length <= 1);
  }
  assert.ok(plan.main.some(({ faults }) => faults.length > 1 && faults.includes(isKilled)));
});

test('a run fails when the bootstrap holds more and more', () => {
  const steady = { descriptors: 27, memoryBytes: 60 * 2 ** 20, workerBytes: 0, files: 5, processes: 2 };
  assert.deepEqual(checkUsage([steady, steady, steady, { ...steady, descriptors: 29 }]), []);
  for (const more of [{ descriptors: 40 }, { memoryBytes: 90 * 2 ** 20 }, { processes: 3 }, { files: 6 }]) {
    assert.equal(checkUsage([steady, steady, steady, { ...steady, ...more }]).length, 1);
  }
});

/** Nothing was wrong, and every fault struck. */
function checkReport(report: ChaosReport): void {
  assert.deepEqual(report.problems, [], writeReport(report));
  const names = new Set(report.faults.map(({ fault }) => fault));
  assert.deepEqual(
    ALL_FAULTS.filter(({ name }) => !names.has(name)),
    [],
  );
}
