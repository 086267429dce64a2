import { streamingSuite } from './streaming-suite.ts';

streamingSuite({ PILOTLIGHT_HTTP: 'undici' });
