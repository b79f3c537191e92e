import { foldCase } from '../../arm/fold-case.ts';
import { isUnderWay, isWaiting, type Member } from './set.ts';

/** Azure refuses a busy source. With so many under way at once none of them waits itself into its own deadline. */
const MOST_OF_A_SOURCE = 5;

/** The members whose turn it is, in the order asked: those that wait, as far as their sources are free. */
export function turnsOf<M extends Pick<Member, 'request' | 'state'>>(members: readonly M[]): readonly M[] {
  const busy = new Map<string, number>();
  const takes = ({ request }: M): boolean => {
    const source = foldCase(request.source.resourceId);
    const taken = busy.get(source) ?? 0;
    busy.set(source, taken + 1);
    return taken < MOST_OF_A_SOURCE;
  };
  members.filter(isUnderWay).forEach(takes);
  return members.filter(isWaiting).filter(takes);
}
