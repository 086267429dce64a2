import type { Readable } from 'node:stream';

/** How an environment is kept apart from the machine, strongest first. */
export type IsolationName = 'bwrap' | 'userns' | 'paths';

/** The rung that is in force, and why it is this one, for the line that `dev` and `invoke` print. */
export interface Isolation {
  readonly name: IsolationName;
  readonly reason: string;
}

/** What an environment is made of. */
export interface SandboxContents {
  /** Folder with the merged layers, seen inside as `/opt`. */
  readonly optFolder: string;
  /** Folder with the function's files, seen inside as `/var/task`. */
  readonly taskFolder: string;
  /** Folder of this environment alone, seen inside as `/tmp`; it outlives a reset. */
  readonly tmpFolder: string;
  /** What `/tmp` holds, in place of that folder, when it is to be full soon; not where paths are mapped. */
  readonly tmpBytes?: number | undefined;
  /**
   * Lambda's variables, with paths as on Lambda. Where paths are mapped instead of mounted, the sandbox rewrites
   * those that name `/opt`, `/var/task` and `/tmp`.
   */
  readonly variables: Readonly<Record<string, string>>;
}

/** What an environment is made of, and how it is kept apart. */
export interface SandboxRequest extends SandboxContents {
  readonly isolation: IsolationName;
  /** Of the cgroup in which it begins, if in another than this process. */
  readonly entryFile?: string | undefined;
  /** What runs in it instead of the bootstrap: an extension. */
  readonly program?: { readonly insidePath: string; readonly file: string };
}

/** How the bootstrap ended: one of code and signal is set, neither where it never ran. */
export interface SandboxExit {
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** Why the bootstrap could not be executed at all: Lambda's `Runtime.InvalidEntrypoint`. */
  readonly startFailure?: string;
}

/** One running bootstrap with all processes below it. */
export interface Sandbox {
  /** Both outputs wait to be read until the bootstrap ends; what nobody reads by then is lost. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the bootstrap has ended; never rejects. */
  readonly exited: Promise<SandboxExit>;
  /** Process ids, as this machine counts them, of the bootstrap and all processes below it; none before it runs. */
  processes(): readonly number[];
  /** Asks the bootstrap to end: SIGTERM to it alone, once it runs. */
  terminate(): Promise<void>;
  /** Ends every process of the tree, also those that left its process group; resolves when none is left. */
  kill(): Promise<void>;
}
