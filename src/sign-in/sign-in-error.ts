/** Why nobody was signed in, in a sentence for the person. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly code: 'NotSignedIn' | 'NoAnswer' | 'UnexpectedAnswer';

  constructor(code: SignInError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export const notSignedIn = (message: string): SignInError => new SignInError('NotSignedIn', message);
