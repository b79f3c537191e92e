import { NetcheckError } from '../../client/netcheck-error.ts';
import { visible } from '../../rendering/visible.ts';
import { SignInError } from '../../sign-in/sign-in-error.ts';
import { messageOf } from './message-of.ts';
import { SignInAgain } from './sign-in-again.tsx';

interface Props {
  readonly error: unknown;
  /** Asks for the same once more. */
  readonly again?: (() => void) | undefined;
}

/** What went wrong, each fault of it, what to quote to the operators, and what to do. */
export function ErrorNote({ error, again }: Props) {
  const { message, faults, requestId, retryAfterSeconds } = partsOf(error);
  return (
    <div class="note wrong">
      <div role="alert">
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
      {(again || isSignedOut(error)) && (
        <p class="row">
          {again && (
            <button type="button" onClick={again}>
              Look again
            </button>
          )}
          {isSignedOut(error) && <SignInAgain />}
        </p>
      )}
    </div>
  );
}

/** Another sign-in would help: this one has ended, or does not have a role that has come since. */
function isSignedOut(error: unknown): boolean {
  if (error instanceof NetcheckError) return error.status === 401 || error.code === 'MissingRole';
  return error instanceof SignInError && error.code === 'NotSignedIn';
}

const inWords = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`);

interface Parts {
  readonly message: string;
  readonly faults: readonly string[];
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
}

function partsOf(error: unknown): Parts {
  if (!(error instanceof NetcheckError)) return { message: messageOf(error), faults: [] };
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
