import type { Ref } from 'preact';
import { visible } from '../../../rendering/visible.ts';
import { Combobox } from '../../parts/combobox.tsx';
import type { Fields } from './faces.ts';
import { completeWord, type Known } from './suggestions.ts';

interface Props {
  readonly fields: Fields;
  readonly onChange: (fields: Fields) => void;
  /** The field that is being written. */
  readonly onFocus: (field: keyof Fields) => void;
  readonly known: Known;
  /** The field that is wrong. */
  readonly wrong: keyof Fields | undefined;
  /** Id of what is said about it. */
  readonly faultId: string;
  readonly firstRef: Ref<HTMLInputElement>;
}

const protocols: readonly (readonly [value: string, label: string])[] = [
  ['', 'As the destination has it'],
  ['tcp', 'TCP'],
  ['icmp', 'ICMP (ping)'],
  ['http', 'HTTP'],
  ['https', 'HTTPS'],
];

/** A check, field by field. */
export function AskFields({ fields, onChange, onFocus, known, wrong, faultId, firstRef }: Props) {
  const place = (field: keyof Fields) => ({
    id: `ask-${field}`,
    value: fields[field],
    'aria-describedby': wrong === field ? faultId : undefined,
    'aria-invalid': wrong === field,
    onFocus: () => {
      onFocus(field);
    },
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
      onChange({ ...fields, [field]: currentTarget.value });
    },
  });
  const combobox = (field: 'source' | 'destination', label: string) => (
    <div
      onFocusIn={() => {
        onFocus(field);
      }}
    >
      <Combobox
        {...{ id: `ask-${field}`, label, value: fields[field] }}
        inputRef={field === 'source' ? firstRef : null}
        options={completeWord(field, fields[field], known)}
        onInput={(value) => {
          onChange({ ...fields, [field]: value });
        }}
        describedBy={wrong === field ? faultId : undefined}
        isInvalid={wrong === field}
      />
    </div>
  );
  const isOdd = protocols.every(([value]) => value !== fields.protocol);
  return (
    <div class="ask-fields">
      {combobox('source', 'Source')}
      {combobox('destination', 'Destination')}
      <div>
        <label for="ask-port">Port</label>
        <input {...place('port')} type="text" inputMode="numeric" autocomplete="off" />
      </div>
      <div>
        <label for="ask-protocol">Protocol</label>
        <select {...place('protocol')}>
          {protocols.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          {isOdd && <option value={fields.protocol}>{visible(fields.protocol)}</option>}
        </select>
      </div>
      <div class="wide">
        <label for="ask-reason">Because (for the audit)</label>
        <input {...place('reason')} type="text" autocomplete="off" />
      </div>
    </div>
  );
}
