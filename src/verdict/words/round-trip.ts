/** What Azure tells of round trips, in milliseconds. */
export interface RoundTrip {
  readonly least?: number | undefined;
  readonly average?: number | undefined;
  readonly most?: number | undefined;
}

/** `2 ms on average (1–7 ms)`; what cannot be true is left out, and `undefined` is what is left of nothing. */
export function roundTripInWords({ least, average, most }: RoundTrip): string | undefined {
  const isRange =
    isTime(least) && isTime(most) && least <= most && !(isTime(average) && (average < least || average > most));
  const range = isRange ? `${least}–${most} ms` : undefined;
  return isTime(average) ? `${average} ms on average${range === undefined ? '' : ` (${range})`}` : range;
}

const isTime = (milliseconds: number | undefined): milliseconds is number =>
  milliseconds !== undefined && milliseconds >= 0 && milliseconds <= LONGEST_MILLISECONDS;

/** ARM's own limit of a round trip, an unsigned number of 32 bits. */
const LONGEST_MILLISECONDS = 4_294_967_295;
