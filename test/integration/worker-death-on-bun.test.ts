import { workerDeathSuite } from './worker-death-suite.ts';

workerDeathSuite({}, 'bun');
