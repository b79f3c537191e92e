import { useState } from 'preact/hooks';
import type { Check } from '../../../client/answers.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { useProxy } from '../../proxy.ts';
import { jsonLines } from './json-lines.ts';
import { shellLines } from './shell-lines.ts';

/** Azure's own answer, or its error, for whoever wants to read it. */
export function RawAnswer({ check }: { readonly check: Check }) {
  const [isOpen, setOpen] = useState(false);
  const raw = check.result ?? check.error?.innererror;
  if (raw === undefined) return null;
  const text = isOpen ? jsonLines(raw) : '';
  return (
    <details
      class="folded"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>Azure’s answer as it came</summary>
      <CopyButton text={text} label="Copy" />
      <pre class="tall" tabIndex={0} aria-label="Azure’s answer">
        {text}
      </pre>
    </details>
  );
}

/** The same for whoever prefers a terminal. */
export function InAShell({ check }: { readonly check: Check }) {
  const { url } = useProxy();
  const text = shellLines(check, url).join('\n');
  return (
    <details class="folded">
      <summary>The same in a shell</summary>
      <CopyButton text={text} label="Copy" />
      <pre tabIndex={0} aria-label="Commands">
        {text}
      </pre>
    </details>
  );
}
