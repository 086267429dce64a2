import type { CandidateInfo } from '../result.ts';

/** How a candidate looks in every plot and table. */
export interface Look {
  readonly name: string;
  readonly role: CandidateInfo['role'];
  /** Safe in attributes and selectors whatever the name is: `c0`, `c1`, … */
  readonly key: string;
  /** Class that sets its colour. */
  readonly paint: string;
  /** Dashes of its lines, so that colours that come twice stay apart. */
  readonly dash: string;
}

/** Colours in `page.css`, next to those of base and floor; more candidates begin again with other dashes. */
export const PEER_COLOURS = 8;
const DASHES = ['none', '7 3', '2 3'];
const FLOOR_DASHES = ['2 3', '8 3 2 3'];

/**
 * Gives each candidate its colour and dashes: base and floor have their own, a control has that of the candidate it
 * repeats, peers take theirs in their order.
 *
 * @param candidates of the result
 * @returns looks by candidate name
 */
export function chooseLooks(candidates: readonly CandidateInfo[]): Map<string, Look> {
  const paints = new Map<string, Pick<Look, 'paint' | 'dash'>>();
  const peers = candidates.filter(({ role }) => role === 'peer');
  const floors = candidates.filter(({ role }) => role === 'floor');
  for (const { name, role } of candidates) {
    if (role === 'base') paints.set(name, { paint: 'paint-base', dash: 'none' });
    else if (role === 'control') paints.set(name, { paint: 'paint-floor', dash: '2 3' });
  }
  for (const [at, { name }] of floors.entries())
    paints.set(name, { paint: 'paint-floor', dash: FLOOR_DASHES[at] ?? '2 3' });
  for (const [at, { name }] of peers.entries()) paints.set(name, peerLook(at));
  return new Map(
    candidates.map(({ name, role, repeats }, at) => {
      const own = paints.get(name) ?? peerLook(at);
      const repeated = role === 'control' && repeats !== undefined ? paints.get(repeats) : undefined;
      return [name, { name, role, key: `c${at}`, ...own, ...(repeated && { ...repeated, dash: '5 4' }) }];
    }),
  );
}

function peerLook(peer: number): Pick<Look, 'paint' | 'dash'> {
  const turn = Math.floor(peer / PEER_COLOURS) % DASHES.length;
  return { paint: `paint-${peer % PEER_COLOURS}`, dash: DASHES[turn] ?? 'none' };
}
