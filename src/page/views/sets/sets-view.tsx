import { renderSet } from '../../../rendering/render-set.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { usePages } from '../../use/use-pages.ts';
import { useTitle } from '../../use/use-title.ts';
import { RunSet } from './run-set.tsx';
import '../lists/checks.css';

/** `#/sets`: begins a set, and lists one's own. */
export function SetsView({ query }: { readonly query: URLSearchParams }) {
  const { client, me, url } = useProxy();
  const { values, error, again, ...reading } = usePages((signal) => client.sets.list({ signal }), []);
  useTitle('Sets');
  return (
    <>
      <h1>Sets</h1>
      <p>Many checks at once: each is decided and recorded as if it came alone.</p>
      {hasRole(me, 'Check.Request') && (
        <RunSet key={query.toString()} name={query.get('name') ?? ''} reason={query.get('reason') ?? ''} />
      )}
      <h2>Your sets</h2>
      {error !== undefined && <ErrorNote {...{ error, again }} />}
      {values.length > 0 && (
        <ol class="rows">
          {values.map((set) => {
            const { id, title, state, sentence } = renderSet(set, url);
            return (
              <li key={id}>
                <StateMark state={state} />
                <div>
                  <a href={hrefs.set(id)}>{title}</a>
                  <p>{sentence}</p>
                </div>
              </li>
            );
          })}
        </ol>
      )}
      {values.length === 0 && !reading.isAsking && error === undefined && <p>You have no sets yet.</p>}
      <p class="row">
        <MoreButton {...reading} />
      </p>
    </>
  );
}
