import type { Candidate } from '../candidates/candidate.ts';
import { bash } from './bash.ts';
import { go } from './go.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';
import { webAdapter } from './web-adapter.ts';

/** What is measured beside our runtime and the official Node client, whether installed or not. */
export const peers: readonly Candidate[] = [webAdapter, python, go, rust, php, bash];
