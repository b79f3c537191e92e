import { NetcheckError } from '../../client/netcheck-error.ts';
import { visible } from '../../rendering/visible.ts';

/** What went wrong, each fault of it, and what to quote to the operators. */
export function ErrorNote({ error }: { readonly error: unknown }) {
  const { message, faults, requestId } = partsOf(error);
  return (
    <div class="note wrong" role="alert">
      {message !== '' && <p>{message}</p>}
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
      {requestId !== undefined && (
        <p class="quiet">
          Request id for the operators and the audit: <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}

function partsOf(error: unknown): { message: string; faults: readonly string[]; requestId?: string } {
  if (!(error instanceof NetcheckError))
    return { message: visible(error instanceof Error ? error.message : String(error)), faults: [] };
  const faults = [...new Set(error.details.map(({ message }) => visible(message)))];
  // That there are such faults is no news beside them.
  const isTold = faults.length > 0 && error.code === 'InvalidRequest';
  return {
    message: isTold ? '' : visible(error.message),
    faults,
    ...(error.requestId !== undefined && { requestId: visible(error.requestId) }),
  };
}
