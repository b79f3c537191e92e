import { useState } from 'preact/hooks';
import { ErrorNote } from '../parts/error-note.tsx';
import type { Session } from './session.ts';

/** What is shown to whoever is not signed in. */
export function SignInView({ session, why }: { readonly session: Session; readonly why?: unknown }) {
  const [error, setError] = useState<unknown>(why);
  const [isLeaving, setLeaving] = useState(false);
  const begin = () => {
    setLeaving(true);
    session.begin().catch((cause: unknown) => {
      setLeaving(false);
      setError(cause);
    });
  };
  return (
    <main id="main" class="narrow">
      <h1>Can this machine reach that endpoint?</h1>
      <p>
        Ask Azure from here, without rights in Azure. What you ask is decided by policy and recorded with your name.
      </p>
      {error !== undefined && <ErrorNote error={error} />}
      <button class="primary" type="button" onClick={begin} disabled={isLeaving}>
        {isLeaving ? 'Signing in …' : 'Sign in'}
      </button>
    </main>
  );
}
