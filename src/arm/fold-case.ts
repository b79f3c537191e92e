// Without regard to case three letters are s, k and i to some readers of a name, and letters of their own to others. Marks
// that nobody sees, such as variation selectors, are nothing to some.
const disputed = /[\u017f\u212a\u0131\p{DI}]/u;

/** Whether the text may or may not be another to Azure: by such a letter, or by a letter and its mark that are also one sign. */
export const hasDisputedLetter = (text: string): boolean => disputed.test(text) || text !== text.normalize('NFC');

/**
 * A resource id in one spelling, whatever its letter case. Letter by letter, because `toLowerCase` makes ς of a Σ that
 * ends a word and σ of any other: rg-πΣ would not even equal itself. Through the capital, because .NET compares capitals:
 * σ and ς are one letter to it, and so are the two signs for µ.
 * docs/decisions.md#resource-ids-are-folded-letter-by-letter
 */
export const foldCase = (text: string): string =>
  /[^\p{ASCII}]/u.test(text) ? Array.from(text, foldLetter).join('') : text.toLowerCase();

/** What is two letters in the other case, such as ß, has no other case here. */
function foldLetter(letter: string): string {
  const upper = single(letter.toUpperCase()) ?? letter;
  return single(upper.toLowerCase()) ?? upper;
}

const single = (text: string): string | undefined => (Array.from(text).length === 1 ? text : undefined);
