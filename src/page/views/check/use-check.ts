import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Check } from '../../../client/answers.ts';
import type { RenderedCheck } from '../../../rendering/render-check.ts';
import { stateWords } from '../../../rendering/state.ts';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useWatched } from '../../use/use-watched.ts';

/** Azure takes a check within seconds, and the proxy answers what it holds at the end alone. */
const HOLD_WHILE_WAITING_SECONDS = 5;

const hasEnded = ({ status }: Check): boolean => status !== 'NotStarted' && status !== 'Running';

interface Watched {
  readonly check?: Check | undefined;
  readonly error?: unknown;
  readonly lookAgain: () => void;
}

/** The check of that id, which can be short, followed to its end. */
export function useCheck(id: string): Watched {
  const { client } = useProxy();
  const [round, setRound] = useState(0);
  const { state, error } = useWatched<Check>(
    {
      get: async (wait, signal) => client.get(id, { wait, signal }),
      hasEnded,
      holdAfter: ({ status }) => (status === 'NotStarted' ? HOLD_WHILE_WAITING_SECONDS : undefined),
    },
    [id, round],
  );
  // An id that is short is so for its requester alone: what stands in the address bar is given to others.
  const whole = state?.id;
  useEffect(() => {
    if (whole !== undefined && whole !== id) history.replaceState(null, '', hrefs.check(whole));
  }, [whole, id]);
  const lookAgain = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return { check: state, error, lookAgain };
}

/** That a check has ended, for whoever does not see it: said once, and only where it was seen to run. */
export function useEndSaid({ state, hasEnded, sentence }: RenderedCheck): string {
  const [said, setSaid] = useState('');
  const [wasOpen, setWasOpen] = useState(!hasEnded);
  useEffect(() => {
    if (wasOpen && hasEnded) setSaid(`The check has ended: ${stateWords[state]}. ${sentence}`);
    setWasOpen(!hasEnded);
  }, [hasEnded]);
  return said;
}
