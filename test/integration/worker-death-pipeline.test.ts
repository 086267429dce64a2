import { workerDeathSuite } from './worker-death-suite.ts';

workerDeathSuite({ PILOTLIGHT_PIPELINE: 'on' });
