import type { RenderedCheck, RenderedReason } from '../../../rendering/render-check.ts';
import { ticketOf } from '../../../rendering/ticket-of.ts';
import { CopyButton } from '../../parts/copy-button.tsx';

/** What is wrong, what to do about it, and who can. */
export function Reasons({ check }: { readonly check: RenderedCheck }) {
  const { reasons } = check;
  if (reasons.length === 0) return null;
  return (
    <section aria-labelledby="what-to-do">
      <h2 id="what-to-do">What to do</h2>
      <ul class="reasons">
        {reasons.map((reason) => (
          <li key={`${reason.code} ${reason.message}`} class="note">
            <Reason reason={reason} check={check} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reason({ reason, check }: { readonly reason: RenderedReason; readonly check: RenderedCheck }) {
  const { message, action, owner, contact } = reason;
  return (
    <>
      <p>
        <strong>{message}</strong>
      </p>
      <p>{action}</p>
      {owner !== 'nobody' && (
        <div class="row">
          <span>
            <span class="quiet">Who can: </span>
            {[owner === 'requester' ? 'whoever asked' : owner, contact].filter(Boolean).join(': ')}
          </span>
          <CopyButton
            text={ticketOf(check, [reason])}
            label={`Copy text for a ticket${owner === 'requester' ? '' : ` to the ${owner}`}`}
          />
        </div>
      )}
    </>
  );
}
