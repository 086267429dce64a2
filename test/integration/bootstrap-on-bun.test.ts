import { bootstrapSuite } from './bootstrap-suite.ts';
import { workerDeathSuite } from './worker-death-suite.ts';

bootstrapSuite({}, 'bun');
workerDeathSuite({}, 'bun');
