import type { Ref } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Option } from './option.ts';
import { useOptions } from './use-options.ts';
import './combobox.css';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly options: readonly Option[];
  /** Ids of what is said about the field. */
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean | undefined;
  readonly inputRef: Ref<HTMLInputElement>;
}

/** A field with suggestions. See https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
export function Combobox(props: Props) {
  const { id, label, value, onInput, options, describedBy, isInvalid = false, inputRef } = props;
  const { isShown, marked, type, take, close, onKeyDown } = useOptions(options, onInput);
  const listId = `${id}-options`;
  return (
    <div class="combobox">
      <label for={id}>{label}</label>
      <input
        {...{ id, value, onKeyDown }}
        ref={inputRef}
        type="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={listId}
        aria-activedescendant={marked === undefined ? undefined : optionId(listId, marked)}
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
        onInput={({ currentTarget }) => {
          type(currentTarget.value);
        }}
        onBlur={close}
      />
      <Options {...{ id: listId, options, isShown, marked, onTake: take }} />
      <span class="spoken" role="status">
        {isShown ? `${options.length} ${options.length === 1 ? 'suggestion' : 'suggestions'}, Down goes to them` : ''}
      </span>
    </div>
  );
}

interface OptionsProps {
  readonly id: string;
  readonly options: readonly Option[];
  readonly isShown: boolean;
  readonly marked: number | undefined;
  readonly onTake: (option: Option) => void;
}

function Options({ id, options, isShown, marked, onTake }: OptionsProps) {
  useEffect(() => {
    if (marked !== undefined) document.getElementById(optionId(id, marked))?.scrollIntoView({ block: 'nearest' });
  }, [id, marked]);
  return (
    <ul id={id} role="listbox" aria-label="Suggestions" hidden={!isShown}>
      {options.map((option, index) => (
        <li
          key={`${option.value} ${option.label}`}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === marked}
          // The field keeps the focus.
          onMouseDown={(event) => {
            event.preventDefault();
          }}
          onClick={() => {
            onTake(option);
          }}
        >
          <span>{option.label}</span> {option.detail !== undefined && <span class="quiet">{option.detail}</span>}
        </li>
      ))}
    </ul>
  );
}

const optionId = (listId: string, index: number): string => `${listId}-${index}`;
