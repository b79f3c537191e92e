import { useEffect } from 'preact/hooks';
import type { Check } from '../../../client/answers.ts';
import { useProxy } from '../../proxy.ts';
import { useWatched, type Watched } from '../../use/use-watched.ts';

/** Azure takes a check within seconds, and the proxy answers what it holds at the end alone. */
const HOLD_WHILE_WAITING_SECONDS = 5;

const hasEnded = ({ status }: Check): boolean => status !== 'NotStarted' && status !== 'Running';

/** The check of that id, which can be short, followed to its end. */
export function useCheck(id: string): Watched<Check> {
  const { client } = useProxy();
  const watched = useWatched<Check>({
    get: async (wait, signal) => client.get(id, { wait, signal }),
    hasEnded,
    holdAfter: ({ status }) => (status === 'NotStarted' ? HOLD_WHILE_WAITING_SECONDS : undefined),
  });
  // An id that is short is so for its requester alone: what stands in the address bar is given to others.
  const whole = watched.state?.id;
  useEffect(() => {
    if (whole !== undefined && whole !== id)
      history.replaceState(null, '', location.hash.replace(`/checks/${id}`, `/checks/${whole}`));
  }, [whole, id]);
  return watched;
}
