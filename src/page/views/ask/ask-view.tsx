import type { Me } from '../../../client/answers.ts';
import { visible } from '../../../rendering/visible.ts';
import { RoleNote } from '../../parts/role-note.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { useAnswer } from '../../use/use-answer.ts';
import { useTitle } from '../../use/use-title.ts';
import { AskForm } from './ask-form.tsx';
import { fieldsIn } from './faces.ts';
import './ask.css';

/** Where a check is asked for. */
export function AskView({ query }: { readonly query: URLSearchParams }) {
  const { client, me: before } = useProxy();
  // A pause, a role or an endpoint can have come since the page was opened.
  const me = useAnswer((signal) => client.me({ signal }), []).answer ?? before;
  useTitle('Ask');
  return (
    <>
      <h1>Can this machine reach that endpoint?</h1>
      {me.paused && <PausedNote {...me.paused} />}
      {hasRole(me, 'Check.Request') || <RoleNote to="ask for a check" role="Check.Request" />}
      {/* Another address is another question. */}
      {me.roles.length > 0 && <AskForm key={query.toString()} me={me} filledIn={fieldsIn(query)} />}
    </>
  );
}

function PausedNote({ reason, contact }: NonNullable<Me['paused']>) {
  return (
    <div class="note doubtful" role="status">
      <p>
        <strong>The proxy is paused:</strong> {visible(reason ?? 'the operators do not say why.')}
      </p>
      <p>
        No check is taken until the operators let it go on.
        {contact !== undefined && <> Ask {visible(contact)}.</>}
      </p>
    </div>
  );
}
