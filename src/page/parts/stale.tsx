import { NetcheckError } from '../../client/netcheck-error.ts';
import { SignInError } from '../../sign-in/sign-in-error.ts';
import { ErrorNote } from './error-note.tsx';

interface Props {
  readonly error: unknown;
  readonly again: () => void;
}

/** Below what is watched: why what is shown is the last that is known. */
export function Stale({ error, again }: Props) {
  const isAway = (error instanceof NetcheckError || error instanceof SignInError) && error.code === 'NoAnswer';
  if (!isAway) return <ErrorNote {...{ error, again }} />;
  return (
    <p class="quiet" role="status">
      The proxy cannot be reached just now. What stands here is the last that is known; it is asked again by itself.
    </p>
  );
}
