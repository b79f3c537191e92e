import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Me } from '../../../client/answers.ts';
import { usage } from '../../../line/line.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { AskFields, Fault, FAULT_ID } from './ask-fields.tsx';
import { AskHelp } from './ask-help.tsx';
import { type Fields, isEmpty } from './faces.ts';
import { leadsTo } from './leads-to.ts';
import { Outcome } from './decision/outcome.tsx';
import type { Written } from './read-asked.ts';
import { completeLine, type Known, wordAt } from './known/suggestions.ts';
import { type Asking, useAsking } from './use-asking.ts';
import { useKnown } from './known/use-known.ts';

interface Props {
  readonly me: Me;
  readonly filledIn: Fields;
}

/** One check, in a line or in fields, and what would be decided about it. */
export function AskForm({ me, filledIn }: Props) {
  const asking = useAsking(me, filledIn);
  const { written, read, isSending } = asking;
  const [field, setField] = useState<keyof Fields>('source');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const outcome = useRef<HTMLDivElement>(null);
  const { known, error: unlisted } = useKnown(me, wordIn(written, field));
  useEffect(() => {
    if (isEmpty(filledIn)) first.current?.focus();
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    const came = await asking.submit();
    if (came === 'refused') outcome.current?.focus();
    if (read.kind === 'nothing' || read.kind === 'fault') first.current?.focus();
    if (read.kind !== 'other') return;
    if (read.line.verb === 'help') setHelpOpen(true);
    else location.hash = leadsTo(read.line).href;
  };
  return (
    <>
      <form class="ask" onSubmit={(event) => void submit(event)} noValidate>
        <Face {...{ asking, known, first }} onField={setField} />
        <p class="row">
          <ActionButton action={{ isBusy: isSending }} busy="Sending …" class="primary">
            {read.kind === 'other' ? 'Open' : 'Check'}
          </ActionButton>
          <button type="button" onClick={asking.turn}>
            {written.face === 'line' ? 'Write it in fields' : 'Write it in a line'}
          </button>
        </p>
      </form>
      <Outcome {...{ asking, unlisted }} innerRef={outcome} />
      <AskHelp
        {...{ me, isOpen: isHelpOpen }}
        onTake={(example) => {
          asking.setLine(example);
          first.current?.focus();
        }}
      />
    </>
  );
}

interface FaceProps {
  readonly asking: Asking;
  readonly known: Known;
  readonly first: RefObject<HTMLInputElement | null>;
  readonly onField: (field: keyof Fields) => void;
}

const HINT_ID = 'ask-hint';

function Face({ asking, known, first, onField }: FaceProps) {
  const { written, fault } = asking;
  if (written.face === 'fields')
    return (
      <AskFields
        {...{ known, fault, fields: written.fields, firstRef: first }}
        onChange={asking.setFields}
        onFocus={onField}
      />
    );
  return (
    <>
      <Combobox
        id="ask-line"
        label="What is to be checked"
        value={written.line}
        onInput={asking.setLine}
        options={completeLine(written.line, known)}
        describedBy={fault ? `${FAULT_ID} ${HINT_ID}` : HINT_ID}
        isInvalid={fault?.isTried}
        inputRef={first}
      />
      <p id={HINT_ID} class="quiet hint">
        <code>{usage}</code>
      </p>
      {fault && <Fault {...fault} />}
    </>
  );
}

/** The word that is being written, where it is the name of something. */
function wordIn(written: Written, field: keyof Fields): string | undefined {
  if (written.face === 'fields')
    return field === 'source' || field === 'destination' ? written.fields[field].trim() : undefined;
  const { word, place } = wordAt(written.line);
  return place === 'source' || place === 'destination' ? word : undefined;
}
