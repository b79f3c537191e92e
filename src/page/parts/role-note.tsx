import { SignInAgain } from './sign-in-again.tsx';

interface Props {
  /** What one wants to do, such as "ask for a check". */
  readonly to: string;
  readonly role: 'Check.Request' | 'Audit.Read';
}

/** Which role somebody needs, and whom to ask for it. */
export const RoleNote = ({ to, role }: Props) => (
  <div class="note doubtful">
    <p>
      To {to} you need the app role <strong>{role}</strong>. Ask an administrator of the app registration to assign it
      to you, then sign in again.
    </p>
    <p>
      <SignInAgain />
    </p>
  </div>
);
