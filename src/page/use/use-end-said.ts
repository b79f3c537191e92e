import { useEffect, useState } from 'preact/hooks';
import { type State, stateWords } from '../../rendering/state.ts';

interface Watched {
  readonly state: State;
  readonly hasEnded: boolean;
  readonly sentence: string;
}

/** That something has ended, for whoever does not see it: said once, and only where it was seen to run. */
export function useEndSaid(what: 'check' | 'set', { state, hasEnded, sentence }: Watched): string {
  const [said, setSaid] = useState('');
  const [wasOpen, setWasOpen] = useState(!hasEnded);
  useEffect(() => {
    if (wasOpen && hasEnded) setSaid(`The ${what} has ended: ${stateWords[state]}. ${sentence}`);
    setWasOpen(!hasEnded);
  }, [hasEnded]);
  return said;
}
