import type { Check } from '../../../client/answers.ts';
import { renderCheck } from '../../../rendering/render-check.ts';
import { renderProgress } from '../../../rendering/render-progress.ts';
import { stateWords } from '../../../rendering/state.ts';
import { agoInWords, momentInWords, visible } from '../../../rendering/visible.ts';
import { useProxy } from '../../proxy.ts';
import { Stale } from '../../parts/stale.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { useEndSaid } from '../../use/use-end-said.ts';
import { useNow } from '../../use/use-now.ts';
import { useTitle } from '../../use/use-title.ts';
import { About } from './about.tsx';
import { Actions } from './actions.tsx';
import { InAShell, RawAnswer } from './folded.tsx';
import { NotShown } from './not-shown.tsx';
import { Path } from './path/path.tsx';
import { Reasons } from './reasons.tsx';
import { Since } from './since.tsx';
import { useCheck } from './use-check.ts';
import './check.css';

/** A check, followed to its end: what it came to, where the path ends, and what to do. */
export function CheckView({ id, query }: { readonly id: string; readonly query: URLSearchParams }) {
  const { state: check, error, lookAgain } = useCheck(id);
  if (!check) {
    return error === undefined ? <p class="quiet">Loading …</p> : <NotShown id={id} error={error} again={lookAgain} />;
  }
  return (
    <>
      <Shown check={check} query={query} />
      {error !== undefined && <Stale error={error} again={lookAgain} />}
    </>
  );
}

function Shown({ check, query }: { readonly check: Check; readonly query: URLSearchParams }) {
  const { url } = useProxy();
  const rendered = renderCheck(check, url);
  const { title, state, sentence, warnings, hasEnded } = rendered;
  useTitle(`${stateWords[state]}: ${title}`);
  return (
    <article class="check">
      <h1>{title}</h1>
      <p class={`verdict ${state}`}>
        <StateMark state={state} /> <span>{sentence}</span>
      </p>
      <Age check={check} />
      {!hasEnded && <Progress check={check} />}
      <p class="spoken" role="status">
        {useEndSaid('check', rendered)}
      </p>
      {warnings.length > 0 && (
        <ul class="note doubtful warnings" aria-label="Warnings">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <Actions check={check} rendered={rendered} reason={query.get('reason') || undefined} />
      <Reasons check={rendered} />
      <Path check={rendered} />
      {hasEnded && <Since key={query.get('with')} id={check.id} asked={query.get('with') || undefined} />}
      <About check={check} rendered={rendered} />
      <RawAnswer check={check} />
      <InAShell check={check} />
    </article>
  );
}

/** Whose it is and how old: whoever gets the link asks that first. */
function Age({ check: { requester, createdAt, finishedAt } }: { readonly check: Check }) {
  const at = finishedAt ?? createdAt;
  const ago = agoInWords(at, useNow(true));
  return (
    <p class="quiet">
      {`Asked by ${visible(requester.name)}; ${finishedAt === undefined ? 'accepted' : 'ended'} ${momentInWords(at)}`}
      {ago !== undefined && `, ${ago}`}.
    </p>
  );
}

function Progress({ check }: { readonly check: Check }) {
  const progress = renderProgress(check, useNow(true));
  return <p class="quiet">{progress} This page follows it to its end.</p>;
}
