import type { Context } from '../context.ts';
import type { Callback } from './callback.ts';

/** The user's function, in any of the styles that Lambda knows. */
export type Handler = (event: unknown, context: Context, callback: Callback) => unknown;
