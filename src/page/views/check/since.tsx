import { useState } from 'preact/hooks';
import { renderComparison } from '../../../rendering/render-comparison.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { shortId, visible } from '../../../rendering/visible.ts';
import { useAnswer } from '../../use/use-answer.ts';

const others = [
  ['lastGood', 'When it worked last'],
  ['previous', 'The check before'],
] as const;

interface Props {
  readonly id: string;
  /** What somebody wants it to be compared with: one of these, or the id of a check. */
  readonly asked: string | undefined;
}

/** What is not as it was when the same was asked before. */
export function Since({ id, asked = 'lastGood' }: Props) {
  const { client, url } = useProxy();
  const [other, setOther] = useState(asked);
  const isNamed = others.some(([name]) => name === asked);
  const offered = isNamed ? others : [...others, [asked, `Check ${shortId(visible(asked))}`] as const];
  const { answer, error, again } = useAnswer((signal) => client.compare(id, { with: other, signal }), [id, other]);
  const compared = answer && renderComparison(answer, url, other);
  const before = answer?.with?.id;
  return (
    <section aria-labelledby="since">
      <h2 id="since">Compared with before</h2>
      <div class="row" role="group" aria-label="Compare with">
        {offered.map(([name, label]) => (
          <button
            key={name}
            type="button"
            class="small"
            aria-pressed={other === name}
            onClick={() => {
              setOther(name);
            }}
          >
            {label}
          </button>
        ))}
      </div>
      {error !== undefined && <ErrorNote {...{ error, again }} />}
      {compared && (
        <>
          {compared.with && (
            <p class="row">
              <StateMark state={compared.with.state} />
              {before === undefined ? compared.with.at : <a href={hrefs.check(before)}>{compared.with.at}</a>}
            </p>
          )}
          <p>{compared.sentence}</p>
          {compared.changes.length > 0 && (
            <ul>
              {compared.changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}
