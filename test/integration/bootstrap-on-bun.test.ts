import { bootstrapSuite } from './bootstrap-suite.ts';

bootstrapSuite({}, 'bun');
