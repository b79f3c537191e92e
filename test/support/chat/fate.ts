/**
 * What becomes of a call to a chat. `fail`: it is answered that the chat is down, `busy`: to come again later, and nothing
 * is done. `drop`: it is done, and its answer is lost.
 */
export type Fate = 'fail' | 'busy' | 'drop' | undefined;
