/** What all steps work with. */
export interface StepContext {
  /** Variables for commands: where the network is and what the user set for npm and pip, nothing that bends a build. */
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Folder for the output of commands that fail. */
  readonly logFolder: string;
}

/** One thing that `make setup` installs. */
export interface Step {
  readonly name: string;
  /** What is not there yet; empty when nothing is to be done. */
  missing(): readonly string[];
  /** Installs what is missing and checks that it works. */
  install(context: StepContext): Promise<void>;
}
