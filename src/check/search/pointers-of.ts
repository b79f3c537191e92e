import type { Via } from '../../contract/requester.ts';

/** Where one finds what one may do, as sentences in the words of a door. */
export interface Pointers {
  /** What may be named. */
  readonly names: string;
  readonly rules: string;
}

const api: Pointers = {
  names: 'GET /api/me and GET /api/sources list yours.',
  rules: 'GET /api/me shows your rules.',
};
const line: Pointers = { names: 'Write "endpoints" for yours.', rules: 'Write "me" for your rules.' };
const pointers: Readonly<Record<Via, Pointers>> = {
  ...{ http: api, arm: api, slack: line, teams: line },
  mcp: { names: 'list_endpoints lists yours.', rules: 'explain_policy says what your rules are about it.' },
};

/** Who asks in a chat has no calls of the API, and a model has tools. */
export const pointersOf = (via: Via): Pointers => pointers[via];
