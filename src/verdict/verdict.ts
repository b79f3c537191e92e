import { connectivityInformationSchema } from '../arm/connectivity-information.ts';
import type { Verdict } from '../contract/verdict.ts';
import { issueReasons } from './issue-reasons.ts';
import { reachabilityOf } from './reachability-of.ts';
import { statusReasons } from './status-reasons.ts';

const unreadable: Verdict = {
  reachability: 'Inconclusive',
  reasons: [
    {
      code: 'UnreadableResult',
      message: "Azure's answer is not a connectivity result.",
      action: 'Check again; if it stays, open a support request with the raw result.',
      owner: 'platform',
    },
  ],
};

/** The verdict on ARM's answer, whatever it is: there is one for every value, and making it never throws. */
export function verdictOf(body: unknown): Verdict {
  const { data: information } = connectivityInformationSchema.safeParse(body);
  if (information === undefined) return unreadable;
  const reachability = reachabilityOf(information);
  const issues = issueReasons(information);
  return { reachability, reasons: [...issues, ...statusReasons(information, reachability, issues.length > 0)] };
}
