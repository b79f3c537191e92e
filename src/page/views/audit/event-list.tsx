import type { AuditEvent } from '../../../client/answers.ts';
import { momentInWords, shortId, visible } from '../../../rendering/visible.ts';
import { hrefs } from '../../route.ts';
import { storyOf } from './story.ts';

/** Events, newest first, each with its story folded in. */
export const EventList = ({ events }: { readonly events: readonly AuditEvent[] }) => (
  <ol class="events">
    {events.map((event) => (
      <li key={event.id}>
        <Event event={event} />
      </li>
    ))}
  </ol>
);

function Event({ event }: { readonly event: AuditEvent }) {
  const { sentence, isRefusal, facts } = storyOf(event);
  const { time, action, checkId, requestId } = event;
  return (
    <details>
      <summary>
        <span class="when">{momentInWords(time)}</span>{' '}
        <span class={`action ${isRefusal ? 'bad' : ''}`}>{visible(action)}</span> <span>{sentence}</span>
      </summary>
      <dl>
        {facts.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>Request id</dt>
          <dd>
            <a href={hrefs.audit({ requestId })}>{visible(requestId)}</a>
          </dd>
        </div>
        {checkId !== undefined && (
          <div>
            <dt>Check</dt>
            <dd>
              <a href={hrefs.check(checkId)}>{shortId(checkId)}</a>{' '}
              <a href={hrefs.audit({ checkId })}>all that happened to it</a>
            </dd>
          </div>
        )}
      </dl>
    </details>
  );
}
