import { bootstrapSuite } from './bootstrap-suite.ts';

bootstrapSuite({}, 'deno');
