import { bootstrapSuite } from './bootstrap-suite.ts';

bootstrapSuite({ PILOTLIGHT_LAUNCH: 'node' });
