import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Problem } from '../contract/problem.ts';
import type { Caller } from '../contract/requester.ts';

/** What differs between the ways in by HTTP; all else of a request is the handler's. */
export interface Door {
  /** Who sends the request. Throws where nobody who is known does. */
  readonly authenticate: (request: HttpRequest) => Promise<Caller>;
  /** The body of a call that has one. Throws where it is not what this door takes. */
  readonly readBody: (request: HttpRequest, mostBytes?: number) => Promise<unknown>;
  /** A problem in the shape that the clients of this door understand; `requestId` is what they quote to the operators. */
  readonly answerProblem: (problem: Problem, requestId: string) => HttpResponseInit;
}
