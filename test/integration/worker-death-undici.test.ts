import { workerDeathSuite } from './worker-death-suite.ts';

workerDeathSuite({ PILOTLIGHT_HTTP: 'undici' });
