import { takenFor } from '../../../../line/taken-for.ts';
import { visible } from '../../../../rendering/visible.ts';
import { wayInWords } from '../../../../rendering/words.ts';
import { StateMark } from '../../../parts/state-mark.tsx';
import { stateInWords } from '../known/suggestions.ts';
import type { Decided } from './use-decision.ts';

/** What policy says before anything is sent. */
export function DecisionNote({ decided }: { readonly decided: Decided }) {
  const { request, dryRun } = decided;
  const { decision, source, warnings = [] } = dryRun;
  return (
    <div class={`note ${decision.allowed ? 'good' : 'wrong'}`}>
      <p class="row">
        {decision.allowed ? (
          <span class="state reachable">
            <span aria-hidden="true">✓</span> Allowed
          </span>
        ) : (
          <StateMark state="refused" />
        )}
        <span>{visible(decision.reason)}</span>
      </p>
      <p>
        {takenFor(request)} {wayOf(decided)}
        {source && <span class="quiet">The source: {stateInWords(source)}.</span>}
      </p>
      {warnings.length > 0 && (
        <ul class="warnings">
          {warnings.map(({ code, message }) => (
            <li key={code}>
              <strong>Warning:</strong> {visible(message)}
            </li>
          ))}
        </ul>
      )}
      {!decision.allowed && <p class="quiet">Nothing was sent, and nothing is recorded.</p>}
    </div>
  );
}

/** By which port and protocol, as far as that is told: a refusal does not say what a name stands for. */
function wayOf({ request, dryRun }: Decided): string {
  const port = dryRun.request.destination.port ?? request.destination.port;
  return `By ${wayInWords({ protocol: dryRun.request.protocol ?? request.protocol, port })}. `;
}
