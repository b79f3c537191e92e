import type { Flow, FlowMoment } from '../../../client/answers.ts';
import { renderFlow, type RenderedFlowCheck } from '../../../rendering/render-flow.ts';
import { momentInWords, visible } from '../../../rendering/visible.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import type { Asked } from './flow-form.tsx';

/** When it worked last, when it failed first after that, what changed between, and the newest checks. */
export function History({ flow, asked }: { readonly flow: Flow; readonly asked: Asked }) {
  const { url } = useProxy();
  const { title, sentence, changes, newest } = renderFlow(flow, url);
  const { lastSuccess, firstFailure } = flow;
  const moments: readonly (readonly [string, FlowMoment | undefined])[] = [
    ['Last success', lastSuccess],
    [lastSuccess ? 'First failure after' : 'First failure', firstFailure],
  ];
  return (
    <section class="history" aria-labelledby="history">
      <h2 id="history">{title}</h2>
      <p class="sentence">{sentence}</p>
      <p>
        <a href={hrefs.ask({ ...asked })}>{newest.length === 0 ? 'Ask it now' : 'Ask it again'}</a>
      </p>
      {lastSuccess !== undefined || firstFailure !== undefined ? (
        <dl>{moments.map(([name, moment]) => moment && <Moment key={name} name={name} moment={moment} />)}</dl>
      ) : null}
      {changes.length > 0 && (
        <>
          <h3>What changed between</h3>
          <ul>
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </>
      )}
      {newest.length > 0 && (
        <>
          <h3>Newest checks</h3>
          <ol class="time-line" role="list">
            {newest.map((check, at) => (
              <li key={at} class={check.state}>
                <Entry check={check} of={flow.newest[at]} flow={flow} />
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

const Moment = ({ name, moment }: { readonly name: string; readonly moment: FlowMoment }) => (
  <>
    <dt>{name}</dt>
    <dd>
      <At at={momentInWords(moment.at)} id={moment.id} />
    </dd>
  </>
);

/** A time that leads to its check, where one may read that. */
const At = ({ at, id }: { readonly at: string; readonly id: string | undefined }) =>
  id === undefined ? <>{at}</> : <a href={hrefs.check(id)}>{at}</a>;

interface Entry {
  readonly check: RenderedFlowCheck;
  readonly of: Flow['newest'][number] | undefined;
  readonly flow: Flow;
}

function Entry({ check, of, flow }: Entry) {
  const turn = turnOf(of, flow);
  return (
    <p class="row">
      <StateMark state={check.state} />
      <At at={check.at} id={of?.id} />
      <span>{check.way}</span>
      {of?.error && <code>{visible(of.error.code)}</code>}
      {turn !== undefined && <strong>{turn}</strong>}
    </p>
  );
}

function turnOf(check: Entry['of'], { lastSuccess, firstFailure }: Flow): string | undefined {
  if (!check) return undefined;
  const isAt = (moment: FlowMoment | undefined): boolean => moment?.at === check.at && moment.id === check.id;
  if (isAt(lastSuccess)) return 'last success';
  if (!isAt(firstFailure)) return undefined;
  return lastSuccess ? 'first failure after' : 'first failure';
}
