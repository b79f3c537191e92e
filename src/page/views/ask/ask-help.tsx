import type { Me } from '../../../client/answers.ts';
import { helpFor } from '../../../line/help-for.ts';
import { visible } from '../../../rendering/visible.ts';

interface Props {
  readonly me: Me;
  readonly isOpen: boolean;
  readonly onTake: (example: string) => void;
}

/** What can be written, with examples that fill in the line. */
export function AskHelp({ me, isOpen, onTake }: Props) {
  return (
    <details class="ask-help" open={isOpen}>
      <summary>What you can write</summary>
      <ul>
        {helpFor(me).map(({ usage, sentence, example }) => (
          <li key={usage}>
            <code>{usage}</code>
            <span>{sentence}</span>
            <span>
              For example{' '}
              <button
                type="button"
                class="small mono"
                onClick={() => {
                  onTake(example);
                }}
              >
                {visible(example)}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
