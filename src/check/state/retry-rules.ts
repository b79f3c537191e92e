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
  | 'unreadable';

/** One row: what a call came to → what we do, how often, and what the check ends with when it fails. */
export interface ArmRule extends Advice {
  /** A class of statuses holds where no row above names the status. */
  readonly when: ArmMishap | '401' | '403' | '404' | '408' | '409' | '429' | '3xx' | '4xx' | '5xx' | 'anything else';
  /** Only where ARM's error, or one of its details, has this code. */
  readonly armCode?: string;
  /** Only on these calls. */
  readonly on?: readonly ArmCall[];
  readonly then: 'retry' | 'fail';
  /** How many in a row are borne; absent: until the check's deadline. */
  readonly atMost?: number;
  readonly code: ProblemCode;
  /** The cause. Filled in, as `action` is: `{status}`, `{armCode}`, `{right}` (that the proxy's identity lacks), `{detail}`. */
  readonly message: string;
}

const BRIEFLY = 4;
const lookups: readonly ArmCall[] = ['begin', 'source', 'watchers'];

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
    code: 'AzureFailed',
    message: 'Azure Resource Manager did not answer ({detail}).',
    action: 'Check ARM_ENDPOINT and the way to it.',
    owner: 'proxy operator',
  },
  {
    when: 'foreign URL',
    then: 'fail',
    code: 'AzureFailed',
    message: 'The URL to ask is not on ARM_ENDPOINT, so no token was sent to it.',
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
    when: 'unreadable',
    then: 'retry',
    atMost: BRIEFLY,
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
    when: '408',
    then: 'retry',
    code: 'AzureFailed',
    message: 'Azure Resource Manager timed out ({armCode}).',
    ...submitLater,
  },
  {
    when: '5xx',
    then: 'retry',
    code: 'AzureFailed',
    message: 'Azure Resource Manager is in trouble ({status} {armCode}).',
    ...submitLater,
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
  { when: '404', on: ['poll'], then: 'retry', atMost: BRIEFLY, code: 'AzureRefused', ...unknownOperation },

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
    then: 'fail',
    code: 'AzureRefused',
    message: 'The source was not found ({armCode}).',
    action: 'Check the resource id that you gave.',
    owner: 'requester',
  },
  {
    when: '404',
    on: ['watchers'],
    then: 'fail',
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
