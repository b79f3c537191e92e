import type { Sighting } from './issue-reasons.ts';

/** Those that no other of them explains, so that one cause is one reason. */
export const causesAmong = (sightings: readonly Sighting[]): Sighting[] =>
  sightings.filter((sighting) => !sightings.some((other) => explains(other, sighting, sightings)));

function explains(other: Sighting, sighting: Sighting, inOrder: readonly Sighting[]): boolean {
  if (other === sighting || other.kind === 'symptom') return false;
  if (sighting.kind === 'symptom') return true;
  if (other.place !== sighting.place) return false;
  if (other.kind === 'off' && sighting.kind !== 'path' && sighting.kind !== 'off') return true;
  const same = other.kind === sighting.kind && (other.kind === 'off' || other.kind === 'socket');
  return same && inOrder.indexOf(other) < inOrder.indexOf(sighting);
}
