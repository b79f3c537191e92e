import { DAY_MILLISECONDS } from '../../contract/time.ts';

// A search that storage has to sort out goes back in time in growing steps, and ends its page when it has taken that long.
const MAX_MILLISECONDS = 5000;
const LONG_STEP_MILLISECONDS = 1000;
/** Of 13 digits, like every place: one more digit would come before them all. */
const LAST = 9_999_999_999_999;

/** The steps of one page. */
export function searchSteps(now: () => Date) {
  const begun = now().getTime();
  let stepBegun = begun;
  let days = 1;
  return {
    /** Where the next step ends that begins at a place. */
    from(place: string): string {
      stepBegun = now().getTime();
      return String(Math.min(LAST, Number(place.slice(0, 13)) + days * DAY_MILLISECONDS)).padStart(13, '0');
    },
    /** After each step: whether the page is to end here. */
    isOver(): boolean {
      if (now().getTime() - stepBegun < LONG_STEP_MILLISECONDS) days *= 4;
      return now().getTime() - begun > MAX_MILLISECONDS;
    },
  };
}
