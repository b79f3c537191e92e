import type { Me } from '../../../client/answers.ts';
import { helpFor } from '../../../line/help-for.ts';
import { visible } from '../../../rendering/visible.ts';
import { hasRole } from '../../proxy.ts';

interface Props {
  readonly me: Me;
  readonly isOpen: boolean;
  readonly onTake: (example: string) => void;
}

/** What can be written, with examples that fill in the line. */
export function AskHelp({ me, isOpen, onTake }: Props) {
  const all = helpFor(me);
  const [check] = hasRole(me, 'Check.Request') ? all : [];
  const example = (text: string) => (
    <span>
      For example{' '}
      <button
        type="button"
        class="small mono"
        onClick={() => {
          onTake(text);
        }}
      >
        {visible(text)}
      </button>
    </span>
  );
  return (
    <>
      {check && <p>{example(check.example)}</p>}
      <details class="ask-help" open={isOpen}>
        <summary>What you can write</summary>
        <ul>
          {all.map(({ usage, sentence, example: text }) => (
            <li key={usage}>
              <code>{usage}</code>
              <span>{sentence}</span>
              {example(text)}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
