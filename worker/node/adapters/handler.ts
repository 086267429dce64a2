import type { Writable } from 'node:stream';
import type { Context } from '../context.ts';
import type { Callback } from './callback.ts';

/** The user's function, in any of the styles that Lambda knows. */
export type Handler = (event: unknown, context: Context, callback: Callback) => unknown;

/** A handler tagged by `awslambda.streamifyResponse`, which writes its result. */
export type StreamingHandler = (event: unknown, responseStream: Writable, context: Context) => unknown;
