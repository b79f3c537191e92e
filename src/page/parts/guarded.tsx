import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { ErrorNote } from './error-note.tsx';

/** Says so where something cannot be drawn, such as an answer of another version of the proxy: the page around it goes on. */
export function Guarded({ children }: { readonly children: ComponentChildren }) {
  const boundary: readonly [error: unknown, again: () => void] = useErrorBoundary();
  const [error, again] = boundary;
  if (error === undefined) return <>{children}</>;
  return (
    <>
      <h1>This cannot be shown</h1>
      <p>
        The proxy answered what this page does not know how to draw. Load the page anew: it may be of another version.
      </p>
      <ErrorNote {...{ error, again }} />
    </>
  );
}
