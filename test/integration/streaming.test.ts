import { streamingSuite } from './streaming-suite.ts';

streamingSuite({});
