import { NetcheckError } from '../../../../client/netcheck-error.ts';
import { visible } from '../../../../rendering/visible.ts';
import { ErrorNote } from '../../../parts/error-note.tsx';

/** Why nothing is decided or sent. What is wrong with the words is told without what a program would need. */
export function WrongNote({ error }: { readonly error: unknown }) {
  if (!(error instanceof NetcheckError) || error.code !== 'InvalidRequest' || error.details.length === 0)
    return <ErrorNote error={error} />;
  const faults = [...new Set(error.details.map(({ message }) => visible(message)))];
  return (
    <div class="note wrong" role="alert">
      {faults.map((fault) => (
        <p key={fault}>{fault}</p>
      ))}
    </div>
  );
}
