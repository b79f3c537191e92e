import { useState } from 'preact/hooks';

/** Puts a text into the clipboard, and says whether that worked. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState('');
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setSaid('Copied');
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
