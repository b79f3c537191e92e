import { useSignIn } from '../proxy.ts';
import { useAction } from '../use/use-action.ts';
import { ActionButton } from './action-button.tsx';
import { messageOf } from './message-of.ts';

/** Leaves for the authority; nothing where nobody was signed in, because a button for that stands there already. */
export function SignInAgain() {
  const signIn = useSignIn();
  const action = useAction(async () => signIn?.());
  if (!signIn) return null;
  return (
    <>
      <ActionButton action={action} busy="Signing in …">
        Sign in again
      </ActionButton>
      {action.error !== undefined && <span role="alert">{messageOf(action.error)}</span>}
    </>
  );
}
