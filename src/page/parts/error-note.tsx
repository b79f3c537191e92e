import { NetcheckError } from '../../client/netcheck-error.ts';
import { visible } from '../../rendering/visible.ts';

/** What went wrong, each fault of it, and what to quote to the operators. */
export function ErrorNote({ error }: { readonly error: unknown }) {
  const { message, faults, requestId, retryAfterSeconds } = partsOf(error);
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
      {retryAfterSeconds !== undefined && <p>You can ask again in {inWords(retryAfterSeconds)}.</p>}
      {requestId !== undefined && (
        <p class="quiet">
          Request id for the operators and the audit: <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}

const inWords = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`);

interface Parts {
  readonly message: string;
  readonly faults: readonly string[];
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
}

function partsOf(error: unknown): Parts {
  if (!(error instanceof NetcheckError))
    return { message: visible(error instanceof Error ? error.message : String(error)), faults: [] };
  const faults = [...new Set(error.details.map(({ message }) => visible(message)))];
  // That there are such faults is no news beside them.
  const isTold = faults.length > 0 && error.code === 'InvalidRequest';
  return {
    message: isTold ? '' : visible(error.message),
    faults,
    ...(error.requestId !== undefined && { requestId: visible(error.requestId) }),
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
  };
}
