import type { RenderedMember } from '../../../rendering/render-set.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { hrefs } from '../../route.ts';
import '../lists/checks.css';

/** Each check of the set with its sentence, in the order asked; first of all what did not work. */
export function Members({ members }: { readonly members: readonly RenderedMember[] }) {
  const wrong = members.filter(({ state }) => !['reachable', 'waiting', 'running'].includes(state));
  const others = members.filter((member) => !wrong.includes(member));
  return (
    <>
      {wrong.length > 0 && <h2>What did not work</h2>}
      <List members={wrong} />
      {others.length > 0 && (
        <details open={wrong.length === 0}>
          <summary>
            <h2>{wrong.length === 0 ? 'All checks' : 'The others'}</h2>
          </summary>
          <List members={others} />
        </details>
      )}
    </>
  );
}

const List = ({ members }: { readonly members: readonly RenderedMember[] }) =>
  members.length === 0 ? null : (
    <ol class="rows">
      {members.map(({ id, source, destination, way, state, changed, sentence }, at) => {
        const title = `${source} → ${destination}${way === '' ? '' : `: ${way}`}`;
        return (
          <li key={at}>
            <StateMark state={state} />
            <div>
              {id === undefined ? <strong>{title}</strong> : <a href={hrefs.check(id)}>{title}</a>}
              {changed === true && <strong class="changed">changed</strong>}
              <p>{sentence}</p>
            </div>
          </li>
        );
      })}
    </ol>
  );
