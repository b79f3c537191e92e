import type { ProblemCode } from '../../contract/problem.ts';
import type { Advice } from '../../contract/verdict.ts';

const again = "Submit the check again; if it happens again, tell the proxy's operators the id of the check.";

/** What to do about a check that failed, and who can, where whoever failed it knows no better. */
export const failureAdvice = {
  PolicyRefused: { action: "Ask the proxy's operators whether the policy should allow it.", owner: 'proxy operator' },
  DeadlineExceeded: { action: again, owner: 'requester' },
  Poisoned: { action: again, owner: 'requester' },
  ResultTooLarge: { action: 'Test a destination that fewer paths lead to.', owner: 'requester' },
  NotAsAccepted: {
    action: 'Find out who can write to the table `checks`, and look in the audit for what this check was accepted for.',
    owner: 'proxy operator',
  },
  InvalidRequest: { action: 'Correct the request, and submit the check again.', owner: 'requester' },
  AzureRefused: { action: 'Read in innererror what Azure said, and submit the check again.', owner: 'requester' },
  AzureFailed: { action: again, owner: 'requester' },
} as const satisfies Partial<Readonly<Record<ProblemCode, Advice>>>;

const byCode: Partial<Readonly<Record<ProblemCode, Advice>>> = failureAdvice;

export const adviceOf = (code: ProblemCode): Advice => byCode[code] ?? { action: again, owner: 'requester' };

/** Addressed to whom it is for, since the error is read by whoever asked for the check. */
export const adviceInWords = ({ action, owner }: Advice): string =>
  owner === 'requester' ? action : `For the ${owner}: ${action.charAt(0).toLowerCase()}${action.slice(1)}`;
