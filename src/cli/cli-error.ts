import { NetcheckError } from '../client/netcheck-error.ts';
import { escapeHidden } from '../contract/text/escape-hidden.ts';
import { causeOf } from '../rendering/cause-of.ts';
import { WordsError } from '../meaning/words-error.ts';
import { visible } from '../rendering/visible.ts';
import { SignInError } from '../sign-in/sign-in-error.ts';
import { exitCodes } from './exit-codes.ts';

/** Why a command did not do what was asked: a code for programs, a sentence fit for a terminal, and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly exit: number;
  /** Beside the code and the sentence, in JSON. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, exit: number, more: Readonly<Record<string, unknown>> = {}) {
    super(escapeHidden(message, '\n'));
    this.code = code;
    this.exit = exit;
    this.more = more;
  }
}

export const usageError = (message: string): CliError => new CliError('Usage', message, exitCodes.usage);

/** Any error as one of ours; foreign text cannot do anything to a terminal. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof WordsError) return usageError(error.message);
  if (error instanceof SignInError)
    return new CliError(
      error.code,
      error.message,
      error.code === 'NotSignedIn' ? exitCodes.notSignedIn : exitCodes.error,
    );
  if (!(error instanceof NetcheckError))
    return new CliError('Error', visible(error instanceof Error ? error.message : String(error)), exitCodes.error);
  const { code, message, requestId, details, retryAfterSeconds } = error;
  const faults = details.map((each) => visible(each.message));
  // What is wrong with each field says all; that there are such faults is no news then.
  const told = faults.length > 0 && code === 'InvalidRequest' ? [] : [withAdvice(error, visible(message))];
  return new CliError(code, [...told, ...new Set(faults)].join('\n'), exitOf(error), {
    ...(requestId !== undefined && { requestId }),
    ...(details.length > 0 && { details }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

const exits: Readonly<Record<string, number>> = {
  InvalidRequest: exitCodes.usage,
  InvalidToken: exitCodes.notSignedIn,
  MissingRole: exitCodes.refused,
  PolicyRefused: exitCodes.refused,
  TooManyRequests: exitCodes.refused,
};

function exitOf({ code, status }: NetcheckError): number {
  return exits[code] ?? (status === 401 ? exitCodes.notSignedIn : exitCodes.error);
}

function withAdvice({ code, cause }: NetcheckError, message: string): string {
  if (code === 'InvalidToken') return `${message} To sign in: netcheck login.`;
  return code === 'NoAnswer' && cause !== undefined ? `${message.replace(/\.$/, '')}: ${causeOf(cause)}.` : message;
}
