import type { Member, MemberState } from './set.ts';
import { whetherOf } from './view-of-set.ts';

export const canceledState = (member: Pick<Member, 'request'>): Extract<MemberState, { kind: 'ended' }> => ({
  kind: 'ended',
  status: 'Canceled',
  sentence: `The check whether ${whetherOf(member)} was canceled before its turn, so there is no result.`,
});
