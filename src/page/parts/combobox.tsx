import type { Ref } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import './combobox.css';

export interface Option {
  /** What the field becomes. */
  readonly value: string;
  readonly label: string;
  readonly detail?: string | undefined;
}

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly options: readonly Option[];
  /** Ids of what is said about the field. */
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean | undefined;
  readonly placeholder?: string | undefined;
  readonly inputRef: Ref<HTMLInputElement>;
}

const none = -1;

/**
 * A field with suggestions: Down and Up go through them, Enter takes the one that is marked, Escape closes the list. What is
 * typed stays what is typed until then. See https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
export function Combobox(props: Props) {
  const { id, label, value, onInput, options, describedBy, isInvalid = false, placeholder, inputRef } = props;
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState(none);
  const isShown = isOpen && options.length > 0;
  const at = Math.min(marked, options.length - 1);
  const optionId = (index: number) => `${id}-option-${index}`;
  useEffect(() => {
    if (isShown && at !== none) document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' });
  }, [isShown, at]);

  const close = () => {
    setOpen(false);
    setMarked(none);
  };
  const take = ({ value: taken }: Option) => {
    setMarked(none);
    // Where there is more to write, there is more to suggest.
    setOpen(taken.endsWith(' '));
    onInput(taken);
  };
  const move = (step: 1 | -1) => {
    setOpen(true);
    if (options.length === 0) return;
    // Between the last and the first stands what was typed.
    const places = options.length + 1;
    setMarked(isShown ? ((at + 1 + step + places) % places) - 1 : step === 1 ? 0 : options.length - 1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const option = isShown ? options[at] : undefined;
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && option) take(option);
    else if (event.key === 'Escape' && isShown) close();
    else return;
    event.preventDefault();
  };
  return (
    <div class="combobox">
      <label for={id}>{label}</label>
      <input
        {...{ id, value, placeholder, onKeyDown }}
        ref={inputRef}
        type="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={`${id}-options`}
        aria-activedescendant={isShown && at !== none ? optionId(at) : undefined}
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
        onInput={({ currentTarget }) => {
          setOpen(true);
          setMarked(none);
          onInput(currentTarget.value);
        }}
        onBlur={close}
      />
      <ul id={`${id}-options`} role="listbox" aria-label={`Suggestions for ${label}`} hidden={!isShown}>
        {options.map((option, index) => (
          <li
            key={`${option.value} ${option.label}`}
            id={optionId(index)}
            role="option"
            aria-selected={index === at}
            // The field keeps the focus.
            onMouseDown={(event) => {
              event.preventDefault();
            }}
            onClick={() => {
              take(option);
            }}
          >
            <span class="option-label">{option.label}</span>{' '}
            {option.detail !== undefined && <span class="quiet">{option.detail}</span>}
          </li>
        ))}
      </ul>
      <span class="spoken" role="status">
        {isShown ? `${options.length} ${options.length === 1 ? 'suggestion' : 'suggestions'}, Down goes to them` : ''}
      </span>
    </div>
  );
}
