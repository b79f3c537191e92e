/** What is wrong with the words that somebody wrote, in a sentence for them; nothing was sent. */
export class WordsError extends Error {
  override readonly name = 'WordsError';
}
