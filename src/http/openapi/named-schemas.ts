import type { z } from 'zod';
import { connectivityParametersSchema } from '../../arm/connectivity-parameters.ts';
import { auditEventSchema } from '../../audit/event.ts';
import { verificationSchema } from '../../audit/verify/verification.ts';
import { callbackViewSchema } from '../../contract/answer/callback-view.ts';
import { chatAccountSchema, chatLinkSchema } from '../../contract/answer/chat-link.ts';
import { changeSchema, comparisonSchema, flowSchema } from '../../contract/answer/comparison.ts';
import { azureAnswerSchema, connectivityAnswerSchema } from '../../contract/answer/connectivity-answer.ts';
import { dryRunSchema } from '../../contract/answer/dry-run.ts';
import { limitStateSchema } from '../../contract/answer/limit.ts';
import { meSchema } from '../../contract/answer/me.ts';
import { problemAnswerSchema } from '../../contract/answer/problem-answer.ts';
import { acceptedSetSchema, setSummarySchema, setViewSchema } from '../../contract/answer/set.ts';
import { sharedWithSchema } from '../../contract/answer/shared-with.ts';
import { sourceSchema, unreadableSchema, warningSchema } from '../../contract/answer/source.ts';
import { checkErrorSchema, checkViewSchema } from '../../contract/check.ts';
import { decisionSchema } from '../../contract/decision.ts';
import { checkRequestSchema } from '../../contract/request/check-request.ts';
import { setRequestSchema } from '../../contract/request/set/set-request.ts';
import { requesterSchema } from '../../contract/requester.ts';
import { reasonSchema, statedVerdictSchema } from '../../contract/verdict.ts';
import { armErrorSchema, armProblemForm } from '../arm/arm-problem.ts';
import { armResourceSchema, armSubscriptionSchema } from '../arm/operations.ts';
import { rpcErrorSchema } from '../mcp/mcp-problem.ts';

type Named = Readonly<Record<string, z.ZodType>>;

/** Parts of requests that the document gives a name; others stand where they are used. */
export const requestSchemas: Named = { CheckRequest: checkRequestSchema, SetRequest: setRequestSchema };

/** Parts of answers that the document gives a name. */
export const answerSchemas: Named = {
  AcceptedSet: acceptedSetSchema,
  ArmError: armErrorSchema,
  ArmProblem: armProblemForm.schema,
  ArmResource: armResourceSchema,
  ArmSubscription: armSubscriptionSchema,
  AuditEvent: auditEventSchema,
  AzureAnswer: azureAnswerSchema,
  Callback: callbackViewSchema,
  Change: changeSchema,
  ChatAccount: chatAccountSchema,
  ChatLink: chatLinkSchema,
  Check: checkViewSchema,
  CheckError: checkErrorSchema,
  Comparison: comparisonSchema,
  ConnectivityInformation: connectivityAnswerSchema,
  ConnectivityParameters: connectivityParametersSchema,
  Decision: decisionSchema,
  DryRun: dryRunSchema,
  FlowHistory: flowSchema,
  LimitState: limitStateSchema,
  McpError: rpcErrorSchema,
  Me: meSchema,
  Problem: problemAnswerSchema,
  Reason: reasonSchema,
  Requester: requesterSchema,
  Set: setViewSchema,
  SetSummary: setSummarySchema,
  SharedWith: sharedWithSchema,
  Source: sourceSchema,
  Unreadable: unreadableSchema,
  Verdict: statedVerdictSchema,
  Verification: verificationSchema,
  Warning: warningSchema,
};
