import type { ComponentChildren, Ref } from 'preact';
import { type Choice, Choices } from '../../parts/choices.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import type { Fields } from './faces.ts';
import { completeWord, type Known } from './known/suggestions.ts';

export interface FieldFault {
  readonly field: keyof Fields;
  readonly message: string;
  /** It was tried to send this. */
  readonly isTried: boolean;
}

interface Props {
  readonly fields: Fields;
  readonly onChange: (fields: Fields) => void;
  /** The field that is being written. */
  readonly onFocus: (field: keyof Fields) => void;
  readonly known: Known;
  readonly fault: FieldFault | undefined;
  readonly firstRef: Ref<HTMLInputElement>;
}

export const FAULT_ID = 'ask-fault';

/** What is wrong, beside the field; read out at once where it was tried to send it. */
export const Fault = ({ message, isTried }: Omit<FieldFault, 'field'>) => (
  <p id={FAULT_ID} class="fault" role={isTried ? 'alert' : undefined}>
    {message}
  </p>
);

/** A check, field by field. */
export function AskFields(props: Props) {
  const { fields } = props;
  return (
    <div class="ask-fields">
      <Place {...props} field="source" label="Source" />
      <Place {...props} field="destination" label="Destination" />
      <Field {...props} field="port" label="Port">
        <input {...controlOf(props, 'port')} type="text" inputMode="numeric" autocomplete="off" />
      </Field>
      <Field {...props} field="protocol" label="Protocol">
        <select {...controlOf(props, 'protocol')}>
          <Choices of={protocols} value={fields.protocol} />
        </select>
      </Field>
      <Field {...props} field="reason" label="Because (for the audit)">
        <input {...controlOf(props, 'reason')} type="text" autocomplete="off" />
      </Field>
    </div>
  );
}

const protocols: readonly Choice[] = [
  ['', 'As the destination has it'],
  ['tcp', 'TCP'],
  ['icmp', 'ICMP (ping)'],
  ['http', 'HTTP'],
  ['https', 'HTTPS'],
];

type Name = keyof Fields;

interface FieldProps<F extends Name> extends Props {
  readonly field: F;
  readonly label: string;
}

/** A name, with what it can be. */
function Place({ field, label, ...props }: FieldProps<'source' | 'destination'>) {
  const { fields, onChange, onFocus, known, fault, firstRef } = props;
  const isWrong = fault?.field === field;
  return (
    <div
      onFocusIn={() => {
        onFocus(field);
      }}
    >
      <Combobox
        {...{ id: idOf(field), label, value: fields[field], isInvalid: isWrong }}
        inputRef={field === 'source' ? firstRef : null}
        options={completeWord(field, fields[field], known)}
        onInput={(value) => {
          onChange({ ...fields, [field]: value });
        }}
        describedBy={isWrong ? FAULT_ID : undefined}
      />
      {isWrong && <Fault {...fault} />}
    </div>
  );
}

function Field({ field, label, fault, children }: FieldProps<Name> & { readonly children: ComponentChildren }) {
  return (
    <div class={field}>
      <label for={idOf(field)}>{label}</label>
      {children}
      {fault?.field === field && <Fault {...fault} />}
    </div>
  );
}

const idOf = (field: Name): string => `ask-${field}`;

const controlOf = ({ fields, fault, onFocus, onChange }: Props, field: Name) => ({
  id: idOf(field),
  value: fields[field],
  'aria-describedby': fault?.field === field ? FAULT_ID : undefined,
  'aria-invalid': fault?.field === field,
  onFocus: () => {
    onFocus(field);
  },
  onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
    onChange({ ...fields, [field]: currentTarget.value });
  },
});
