import { streamingSuite } from './streaming-suite.ts';

streamingSuite({ PILOTLIGHT_PIPELINE: 'on' });
