import { ActionButton } from '../parts/action-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { useAction } from '../use/use-action.ts';
import type { Session } from './session.ts';

/** What is shown to whoever is not signed in. */
export function SignInView({ session, why }: { readonly session: Session; readonly why?: unknown }) {
  const leaving = useAction(session.begin);
  const error = leaving.error ?? why;
  return (
    <main id="main" class="narrow">
      <h1>Can this machine reach that endpoint?</h1>
      <p>
        Ask Azure from here, without rights in Azure. What you ask is decided by policy and recorded with your name.
      </p>
      {error !== undefined && <ErrorNote error={error} />}
      <ActionButton action={leaving} busy="Signing in …" class="primary">
        Sign in
      </ActionButton>
    </main>
  );
}
