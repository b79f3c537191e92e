import type { Profile } from '../ports/chat-door.ts';

/** Who confirms a link: what their token says of them. */
export interface Person {
  readonly objectId: string;
  /** `upn`, `preferred_username`, and a verified `email`; in ASCII lower case. */
  readonly signInNames: readonly string[];
}

/**
 * Why a chat account may not act for a person; `undefined` where it may. Somebody who is sent another's link must not bind
 * that account to themselves: the chat has to name the same person.
 */
export function whyNotLinked(profile: Profile, person: Person): string | undefined {
  if (profile.kind === 'unfit') return profile.why;
  if (profile.objectId !== undefined)
    return profile.objectId.toLowerCase() === person.objectId.toLowerCase()
      ? undefined
      : otherPerson('who wrote "link"');
  if (profile.email === undefined)
    return 'The chat account has no confirmed e-mail address, so nobody can tell whose it is: confirm one, and ask for a new link.';
  return person.signInNames.some((name) => asciiLower(name) === asciiLower(profile.email ?? ''))
    ? undefined
    : otherPerson('whose e-mail address the account has');
}

const otherPerson = (whom: string): string =>
  `The chat account is not that of the person who is signed in: sign in as the person ${whom}, and ask for a new link.`;

/** Other letters have no case here: `toLowerCase` would make two addresses one. */
export const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
