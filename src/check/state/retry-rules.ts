import type { ProblemCode } from '../../contract/problem.ts';
import type { Advice } from '../../contract/verdict.ts';

// Everything that is tried again, or is not, and why: first what Azure Resource Manager (ARM) says, then storage.

/** The calls that the proxy makes to Azure Resource Manager (ARM). */
export type ArmCall = 'begin' | 'poll' | 'source' | 'watchers';

/** What a call came to where no status says it. */
export type ArmMishap =
  | 'no token'
  | 'no answer'
  | 'foreign URL'
  | 'no watcher id'
  | 'no Location'
  | 'failed operation'
  | 'too large'
  | 'too deep'
  | 'unreadable';

/** What an answer says beside its status and its error's code. */
export type ArmHint =
  /** ARM's own front door answered, and no resource provider: it may not know yet what another region of ARM does. */
  | 'gateway'
  /** The token is refused as one that has run out. */
  | 'expired token'
  /** The token is refused for what it does not claim, such as a time of issue after a revocation. */
  | 'claims challenge';

/** One row: what a call came to → what we do, how often, and what the check ends with when it fails. */
export interface ArmRule extends Advice {
  /** A class of statuses holds where no row above names the status. */
  readonly when:
    ArmMishap | '401' | '403' | '404' | '408' | '409' | '410' | '412' | '429' | '3xx' | '4xx' | '5xx' | 'anything else';
  /** Only where ARM's error, or one of its details, has one of these codes. */
  readonly armCode?: string | readonly string[];
  /** Only where ARM's error itself has this code, whatever its details have. */
  readonly topCode?: string;
  /** Only where the answer says this. */
  readonly hint?: ArmHint;
  /** Only on these calls. */
  readonly on?: readonly ArmCall[];
  readonly then: 'retry' | 'fail';
  /** How many in a row are borne; absent: until the check's deadline. */
  readonly atMost?: number;
  /** ARM, or the way to it, is in trouble: a POST is given up after a while (`postInTrouble`), whatever `atMost` says. */
  readonly isTrouble?: true;
  /** The wait where ARM tells none, instead of our own back-off. */
  readonly afterSeconds?: number;
  readonly code: ProblemCode;
  /** The cause. Filled in, as `action` is: `{status}`, `{armCode}`, `{right}` (that the proxy's identity lacks), `{detail}`. */
  readonly message: string;
}

const BRIEFLY = 4;

/** A POST that meets trouble: given up so long after the first of these answers in a row, and the longest own wait until then. Answers that only say "later" stop this clock. */
export const postInTrouble = { givenUpAfterSeconds: 240, longestPauseSeconds: 60 } as const;

/** Statuses of a POST that can mean that what was looked up a while ago is no longer so: it is looked up once more. */
export const mayBeOutdated: readonly number[] = [400, 404];

const lookups: readonly ArmCall[] = ['begin', 'source', 'watchers'];

/** What was made a minute ago is not known in every region of ARM yet. */
const onceOrTwice = { then: 'retry', atMost: 2, afterSeconds: 3 } as const;

const submitAgain = { action: 'Submit the check again.', owner: 'requester' } as const;
const submitLater = { action: 'Submit the check again later.', owner: 'requester' } as const;
const lacksRight = {
  message: "The proxy's identity lacks the right {right}.",
  action: 'Grant it to the identity (infra/access.bicep).',
  owner: 'proxy operator',
} as const;
const unknownOperation = {
  message: 'Azure does not know the operation any more ({status} {armCode}).',
  action:
    "Submit the check again; if it stays, the proxy's operator checks that the proxy's identity has the right {right}.",
  owner: 'requester',
} as const;

/**
 * Read from the top: the first row that fits decides. A retry is due when ARM's Retry-After says, else after full jitter on
 * 1, 2, 4 … 30 s (`backOffSeconds`), and in a step of its own.
 */
export const armRules: readonly ArmRule[] = [
  // Nothing came back, or nothing could be sent.
  {
    when: 'no token',
    then: 'retry',
    code: 'AzureFailed',
    message: 'The managed identity gives no token for Azure Resource Manager.',
    action: 'Make sure that the identity is assigned to this app and is the one that AZURE_CLIENT_ID names.',
    owner: 'proxy operator',
  },
  {
    when: 'no answer',
    then: 'retry',
    isTrouble: true,
    code: 'AzureFailed',
    message: 'Azure Resource Manager did not answer ({detail}).',
    action: 'Check ARM_ENDPOINT and the way to it.',
    owner: 'proxy operator',
  },
  {
    when: 'foreign URL',
    then: 'fail',
    code: 'AzureFailed',
    message: 'The URL to ask is not on ARM_ENDPOINT{detail}, so no token was sent to it.',
    ...submitAgain,
  },
  {
    when: 'no watcher id',
    then: 'fail',
    code: 'InvalidRequest',
    message: '`networkWatcher` is not the resource id of a network watcher.',
    action: 'Correct it, or leave it out and have it found.',
    owner: 'requester',
  },

  // A success that is none.
  {
    when: 'no Location',
    then: 'fail',
    code: 'AzureFailed',
    message: 'Azure accepted the check but gave no usable Location to follow it by ({detail}).',
    action: "Submit it again; if it stays, the proxy's operator checks what stands between the proxy and Azure.",
    owner: 'requester',
  },
  {
    when: 'failed operation',
    then: 'fail',
    code: 'AzureFailed',
    message: 'Azure ended the check without a result ({armCode}).',
    action: 'See innererror, then submit it again.',
    owner: 'requester',
  },
  {
    when: 'too large',
    then: 'fail',
    code: 'ResultTooLarge',
    message: "Azure's result is larger than 16 MiB and cannot be kept.",
    action: 'Test a destination that fewer paths lead to.',
    owner: 'requester',
  },
  {
    when: 'too deep',
    then: 'fail',
    code: 'AzureFailed',
    message: 'Azure answered {status} with JSON that is nested too deep to be read.',
    ...submitAgain,
  },
  {
    when: 'unreadable',
    then: 'retry',
    atMost: BRIEFLY,
    isTrouble: true,
    code: 'AzureFailed',
    message: 'Azure answered {status} with a body that is no result.',
    ...submitAgain,
  },
  {
    when: '3xx',
    then: 'fail',
    code: 'AzureFailed',
    message: 'Azure Resource Manager redirected the call ({status}), and no token follows a redirect.',
    action: 'Check ARM_ENDPOINT.',
    owner: 'proxy operator',
  },

  // Come again later.
  {
    when: '4xx',
    armCode: 'RetryableErrorDueToAnotherOperation',
    then: 'retry',
    code: 'AzureRefused',
    message: 'Another operation of Azure kept the target busy.',
    ...submitLater,
  },
  {
    when: '4xx',
    topCode: 'RetryableError',
    then: 'retry',
    code: 'AzureRefused',
    message: 'Azure says that the call can be tried again ({status} {armCode}).',
    ...submitLater,
  },
  {
    when: '5xx',
    topCode: 'RetryableError',
    then: 'retry',
    code: 'AzureFailed',
    message: 'Azure says that the call can be tried again ({status} {armCode}).',
    ...submitLater,
  },
  {
    when: '409',
    armCode: 'AnotherOperationInProgress',
    then: 'retry',
    code: 'AzureRefused',
    message: 'Another operation of Azure kept the resource busy.',
    ...submitLater,
  },
  {
    when: '429',
    then: 'retry',
    code: 'AzureRefused',
    message: 'Azure is throttling the calls of the proxy ({armCode}).',
    ...submitLater,
  },
  {
    when: '409',
    armCode: 'Conflict',
    then: 'retry',
    atMost: BRIEFLY,
    code: 'AzureRefused',
    message: 'Another change of the resource was under way ({status} {armCode}).',
    ...submitLater,
  },
  {
    when: '412',
    then: 'retry',
    atMost: BRIEFLY,
    code: 'AzureRefused',
    message: 'Another change of the resource was under way ({status} {armCode}).',
    ...submitLater,
  },
  {
    when: '408',
    then: 'retry',
    isTrouble: true,
    code: 'AzureFailed',
    message: 'Azure Resource Manager timed out ({armCode}).',
    ...submitLater,
  },
  {
    when: '5xx',
    then: 'retry',
    isTrouble: true,
    code: 'AzureFailed',
    message: 'Azure Resource Manager is in trouble ({status} {armCode}).',
    ...submitLater,
  },
  {
    when: '401',
    hint: 'claims challenge',
    then: 'retry',
    atMost: BRIEFLY,
    code: 'AzureRefused',
    message:
      "Azure Resource Manager wants a newer token of the proxy's identity than the identity endpoint gives ({armCode}).",
    action:
      'Look in the sign-in logs of Entra ID whether the identity was revoked or a Conditional Access policy blocks it, and restart the app.',
    owner: 'proxy operator',
  },
  {
    when: '401',
    hint: 'expired token',
    then: 'retry',
    code: 'AzureRefused',
    message: "The identity endpoint still gives a token of the proxy's identity that has run out ({armCode}).",
    action:
      "Wait: the endpoint keeps its tokens for minutes. Where it lasts, check the clock of the app's host and restart the app.",
    owner: 'proxy operator',
  },
  {
    when: '401',
    then: 'retry',
    atMost: BRIEFLY,
    code: 'AzureRefused',
    message: "Azure Resource Manager does not accept the token of the proxy's identity ({armCode}).",
    action: 'Make sure that ARM_ENDPOINT and the identity belong to the same cloud and tenant.',
    owner: 'proxy operator',
  },

  // Nothing that whoever asks could correct.
  {
    when: '4xx',
    armCode: 'ScopeLocked',
    then: 'fail',
    code: 'AzureRefused',
    message: 'A lock in Azure forbids the call ({status} {armCode}).',
    action:
      "Have the owner of the source's subscription remove the read-only lock from the network watcher, its resource group or the subscription, or add a network watcher elsewhere: such a lock forbids every POST.",
    owner: 'proxy operator',
  },
  {
    when: '4xx',
    armCode: 'RequestDisallowedByPolicy',
    then: 'fail',
    code: 'AzureRefused',
    message: 'A policy of Azure in the subscription forbids the call ({status} {armCode}).',
    action: "Have the owner of the source's subscription exempt it from the policy, which innererror names.",
    owner: 'proxy operator',
  },
  {
    when: '4xx',
    armCode: ['MissingSubscriptionRegistration', 'SubscriptionNotRegistered'],
    then: 'fail',
    code: 'AzureRefused',
    message: "The source's subscription is not registered for what the call needs ({status} {armCode}).",
    action:
      "Have the owner of the source's subscription register the resource provider that innererror names, such as Microsoft.Network (`az provider register`).",
    owner: 'proxy operator',
  },
  {
    when: '4xx',
    armCode: ['ReadOnlyDisabledSubscription', 'SubscriptionDisabled'],
    then: 'fail',
    code: 'AzureRefused',
    message: "The source's subscription is disabled, so it can only be read ({status} {armCode}).",
    action: 'Have the owner of the subscription enable it again.',
    owner: 'proxy operator',
  },

  // On a poll this can be a bad read of one replica, or the end.
  {
    when: '403',
    on: ['poll'],
    armCode: 'AuthorizationFailed',
    then: 'retry',
    atMost: BRIEFLY,
    code: 'AzureRefused',
    ...lacksRight,
  },
  { when: '403', on: ['poll'], then: 'retry', atMost: BRIEFLY, code: 'AzureRefused', ...unknownOperation },
  { when: '404', on: ['poll'], hint: 'gateway', then: 'retry', code: 'AzureRefused', ...unknownOperation },
  { when: '404', on: ['poll'], then: 'retry', atMost: BRIEFLY, code: 'AzureRefused', ...unknownOperation },
  { when: '410', on: ['poll'], then: 'fail', code: 'AzureRefused', ...unknownOperation },

  // No use to come again.
  { when: '403', on: lookups, armCode: 'AuthorizationFailed', then: 'fail', code: 'AzureRefused', ...lacksRight },
  {
    when: '403',
    on: lookups,
    armCode: 'LinkedAuthorizationFailed',
    then: 'fail',
    code: 'AzureRefused',
    ...lacksRight,
  },
  {
    when: '404',
    on: ['begin'],
    then: 'fail',
    code: 'AzureRefused',
    message: 'The source, the destination or the network watcher was not found ({armCode}).',
    action: 'Check the resource ids that you gave; innererror has what Azure said.',
    owner: 'requester',
  },
  {
    when: '404',
    on: ['source'],
    ...onceOrTwice,
    code: 'AzureRefused',
    message: 'The source was not found ({armCode}).',
    action: 'Check the resource id that you gave.',
    owner: 'requester',
  },
  {
    when: '404',
    on: ['watchers'],
    ...onceOrTwice,
    code: 'AzureRefused',
    message: "The source's subscription was not found, or the proxy's identity has no right in it ({armCode}).",
    action: "Check the source's resource id; if it is right, the proxy's operator grants the right {right}.",
    owner: 'requester',
  },
  {
    when: '4xx',
    then: 'fail',
    code: 'AzureRefused',
    message: 'Azure refused the check ({status} {armCode}).',
    action: 'Read in innererror what Azure said, correct the request and submit it again.',
    owner: 'requester',
  },
];

/** What no row foresees: a success without a result, or a status that HTTP does not have. */
export const unforeseenByArm: ArmRule = {
  when: 'anything else',
  then: 'retry',
  atMost: BRIEFLY,
  code: 'AzureFailed',
  message: 'Azure answered {status}, which this call does not have.',
  ...submitAgain,
};

/** Statuses of a conditional write that lost a race: what the other writer wrote stands, and nothing is tried again. */
export const anotherWasFirst: readonly number[] = [404, 409, 412];

/** Any other answer of storage, or none: it passes, or an operator mends it, so the step is tried again. The queue's five attempts are for crashes. */
export const storageTrouble = {
  /** At once, by the client: after an error a write is read back first, because it may have landed. */
  client: { tries: 3, firstPauseMilliseconds: 100, longestPauseMilliseconds: 1000, tryTimeoutMilliseconds: 10_000 },
  /** Then a caller is told 503 and to ask again. */
  callerSeconds: 5,
  /** A step is sent again for so much later, by chance between the two, so that steps spread; until the check's deadline. */
  stepSeconds: [10, 20],
} as const;
