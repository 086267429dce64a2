import { existsSync } from 'node:fs';
import { PROGRAMS, type ProgramName } from '../../helpers/needs.ts';
import type { Step } from '../../setup/step.ts';
import type { Candidate } from '../candidates/candidate.ts';
import { readVersions, type Versions } from './versions.ts';

/** A runtime that `make bench-peers` installs. */
export interface Peer extends Pick<Candidate, 'maxInFlight' | 'maxEventBytes' | 'prepare'> {
  readonly name: string;
  readonly description: string;
  /** Where it is installed. */
  readonly folder: string;
  readonly program: ProgramName;
  readonly step: Step;
  /** Versions that are not found in the folder. */
  readonly versions?: Versions;
}

/**
 * Makes a candidate of a runtime that may not be installed.
 *
 * @param peer see there
 */
export function makePeer({ name, description, folder, program, step, versions, ...rest }: Peer): Candidate {
  return {
    ...rest,
    // Getters: an installation may come after this module was loaded, and most runs want a few candidates only.
    get info() {
      return { name, description, versions: { ...readVersions(folder), ...versions }, role: 'peer' as const };
    },
    get missing() {
      if (!step.missing().includes(program)) return undefined;
      const state = existsSync(PROGRAMS[program]) ? 'is installed in another version' : 'is not installed';
      return `${program} ${state}: run make bench-peers in a clone`;
    },
  };
}
