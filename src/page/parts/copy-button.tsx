import { useState } from 'preact/hooks';

interface Props {
  readonly text: string;
  readonly label: string;
  /** What is said once it is copied. */
  readonly copied?: string | undefined;
}

/** Puts a text into the clipboard, and says whether that worked. */
export function CopyButton({ text, label, copied = 'Copied' }: Props) {
  const [said, setSaid] = useState('');
  const copy = () => {
    // What is said twice is heard twice only where nothing was said between.
    setSaid('');
    navigator.clipboard.writeText(text).then(
      () => {
        setSaid(copied);
      },
      () => {
        setSaid('Not copied: the browser does not allow it');
      },
    );
  };
  return (
    <>
      <button type="button" class="small" onClick={copy}>
        {label}
      </button>
      <span class="quiet" role="status">
        {said}
      </span>
    </>
  );
}
