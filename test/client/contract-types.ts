// Types alone: `npm run types` fails where the client's own types, which are published without zod, are not the contract's.
import type { z } from 'zod';
import type { connectivityParametersSchema } from '../../src/arm/connectivity-parameters.ts';
import type * as audit from '../../src/audit/event.ts';
import type * as verification from '../../src/audit/verify/verification.ts';
import type * as client from '../../src/client/client.ts';
import type * as callback from '../../src/contract/answer/callback-view.ts';
import type * as comparison from '../../src/contract/answer/comparison.ts';
import type { dryRunSchema } from '../../src/contract/answer/dry-run.ts';
import type * as limit from '../../src/contract/answer/limit.ts';
import type * as me from '../../src/contract/answer/me.ts';
import type { problemAnswerSchema } from '../../src/contract/answer/problem-answer.ts';
import type * as set from '../../src/contract/answer/set.ts';
import type * as sharedWith from '../../src/contract/answer/shared-with.ts';
import type * as source from '../../src/contract/answer/source.ts';
import type * as check from '../../src/contract/check.ts';
import type * as decision from '../../src/contract/decision.ts';
import type { checkRequestSchema } from '../../src/contract/request/check-request.ts';
import type { setRequestSchema } from '../../src/contract/request/set/set-request.ts';
import type * as requester from '../../src/contract/requester.ts';
import type * as verdict from '../../src/contract/verdict.ts';

/** Written out member by member, none of which can be written to: what is left to differ is what a program would see. */
type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Plain<T[Name]> }
    : T;

// Two generic functions are the same type where what they ask of a type is.
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters */
type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : [Plain<A>, Plain<B>];
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

/** Does not compile where two types differ, and shows both. */
type Expect<Proof extends true> = Proof;

export type Proven = [
  Expect<Same<client.Check, check.CheckView>>,
  Expect<Same<client.CheckError, z.infer<typeof check.checkErrorSchema>>>,
  Expect<Same<client.Requester, requester.Requester>>,
  Expect<Same<client.Verdict, verdict.StatedVerdict>>,
  Expect<Same<client.Reason, verdict.Reason>>,
  Expect<Same<client.ConnectivityParameters, z.infer<typeof connectivityParametersSchema>>>,
  Expect<Same<client.Callback, callback.CallbackView>>,
  Expect<Same<client.SharedWith, sharedWith.SharedWith>>,
  Expect<Same<client.Decision, decision.Decision>>,
  Expect<Same<client.DryRun, z.infer<typeof dryRunSchema>>>,
  Expect<Same<client.Comparison, comparison.Comparison>>,
  Expect<Same<client.Change, comparison.Change>>,
  Expect<Same<client.Flow, comparison.FlowHistory>>,
  Expect<Same<client.Source, source.Source>>,
  Expect<Same<client.SourceState, source.SourceState>>,
  Expect<Same<client.Unreadable, source.Unreadable>>,
  Expect<Same<client.Warning, source.Warning>>,
  Expect<Same<client.Me, me.Me>>,
  Expect<Same<client.Limit, limit.LimitState>>,
  Expect<Same<client.AuditEvent, audit.AuditEvent>>,
  Expect<Same<client.AuditTarget, audit.AuditTarget>>,
  Expect<Same<client.Verification, verification.Verification>>,
  Expect<Same<client.FieldError, NonNullable<z.infer<typeof problemAnswerSchema>['error']['details']>[number]>>,
  Expect<Same<client.CheckRequest, z.input<typeof checkRequestSchema>>>,
  Expect<Same<client.SetRequest, z.input<typeof setRequestSchema>>>,
  Expect<Same<client.SetSummary, set.SetSummary>>,
  Expect<Same<client.SetCheck, set.SetCheckView>>,
  Expect<Same<client.CheckSet, set.SetView>>,
  Expect<Same<client.AcceptedSet, z.infer<typeof set.acceptedSetSchema>>>,
];
