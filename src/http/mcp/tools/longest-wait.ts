/** Many clients give a tool a minute, in which names may have to be looked up, too. */
export const LONGEST_WAIT_SECONDS = 25;
