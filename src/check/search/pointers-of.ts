import type { Via } from '../../contract/requester.ts';

/** Where one finds what one may do, as sentences in the words of a door. */
export interface Pointers {
  /** What may be named. */
  readonly names: string;
  readonly rules: string;
  /** Where the port of a destination is put. */
  readonly port: string;
}

const api: Pointers = {
  names: 'GET /api/me and GET /api/sources list yours.',
  rules: 'GET /api/me shows your rules.',
  port: 'A port goes into the parameter port.',
};
const port = 'A port stands behind its destination, as in sql-01:1433.';
const line: Pointers = { names: 'Write "endpoints" for yours.', rules: 'Write "me" for your rules.', port };
const pointers: Readonly<Record<Via, Pointers>> = {
  ...{ http: api, arm: api, slack: line, teams: line },
  mcp: { names: 'list_endpoints lists yours.', rules: 'explain_policy says what your rules are about it.', port },
};

/** Who asks in a chat has no calls of the API, and a model has tools. */
export const pointersOf = (via: Via): Pointers => pointers[via];
