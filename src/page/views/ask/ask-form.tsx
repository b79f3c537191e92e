import { useEffect, useRef, useState } from 'preact/hooks';
import type { Me } from '../../../client/answers.ts';
import { usage } from '../../../line/line.ts';
import { visible } from '../../../rendering/visible.ts';
import { Combobox } from '../../parts/combobox.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { useSettled } from '../../use/use-settled.ts';
import { AskFields } from './ask-fields.tsx';
import { AskHelp } from './ask-help.tsx';
import { WrongNote } from './wrong-note.tsx';
import { DecisionNote } from './decision-note.tsx';
import { type Fields, isEmpty } from './faces.ts';
import { leadsTo } from './leads-to.ts';
import { type Read, readAsked } from './read-asked.ts';
import { completeLine, wordAt } from './suggestions.ts';
import { useDecision } from './use-decision.ts';
import { useKnown } from './use-known.ts';
import { useSend } from './use-send.ts';
import { useWritten } from './use-written.ts';

interface Props {
  readonly me: Me;
  readonly filledIn: Fields;
}

const FAULT = 'ask-fault';
const HINT = 'ask-hint';
/** Nobody wants to be corrected in the middle of a word. */
const FAULT_MILLISECONDS = 800;

/** One check, in a line or in fields, and what would be decided about it. */
export function AskForm({ me, filledIn }: Props) {
  const { client } = useProxy();
  const { written, setLine, setFields, turn } = useWritten(filledIn);
  const [field, setField] = useState<keyof Fields>('source');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const outcome = useRef<HTMLDivElement>(null);

  const read = withRole(readAsked(written, me.endpoints), me);
  const question = read.kind === 'check' ? read.question : undefined;
  const { decided, error, decide } = useDecision(client, question, me.endpoints);
  const { known, error: unlisted } = useKnown(me, wordIn(written, field));
  const { send, isSending, sendError, forget } = useSend(decide);

  const isPausing = useSettled(written, FAULT_MILLISECONDS) === written;
  const [isTried, setTried] = useState(false);
  useEffect(() => {
    setTried(false);
    forget();
  }, [written]);
  useEffect(() => {
    if (isEmpty(filledIn)) first.current?.focus();
  }, []);
  const wrong = sendError ?? error;
  const fault = read.kind === 'fault' && (isTried || isPausing) ? read : undefined;

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (read.kind === 'other') {
      if (read.line.verb === 'help') setHelpOpen(true);
      else location.hash = leadsTo(read.line).href;
    }
    if (read.kind === 'nothing' || read.kind === 'fault') first.current?.focus();
    if (read.kind === 'check' && (await send(read.question.ask)) === 'refused') outcome.current?.focus();
  };
  return (
    <>
      <form class="ask" onSubmit={(event) => void submit(event)} noValidate>
        {written.face === 'line' ? (
          <Combobox
            id="ask-line"
            label="What is to be checked"
            value={written.line}
            onInput={setLine}
            options={completeLine(written.line, known)}
            describedBy={fault ? `${FAULT} ${HINT}` : HINT}
            isInvalid={fault !== undefined && isTried}
            inputRef={first}
          />
        ) : (
          <AskFields
            {...{ known, faultId: FAULT, firstRef: first, fields: written.fields, onChange: setFields }}
            onFocus={setField}
            wrong={fault?.field}
          />
        )}
        <p id={HINT} class="quiet hint" hidden={written.face !== 'line'}>
          <code>{usage}</code>
        </p>
        <p id={FAULT} class="fault" role={isTried ? 'alert' : undefined} hidden={!fault}>
          {fault?.message}
        </p>
        <p class="row">
          <button class="primary" type="submit" disabled={isSending}>
            {isSending ? 'Sending …' : read.kind === 'other' ? 'Open' : 'Check'}
          </button>
          <button type="button" onClick={turn}>
            {written.face === 'line' ? 'Write it in fields' : 'Write it in a line'}
          </button>
        </p>
      </form>
      <div ref={outcome} tabIndex={-1} class={read.kind === 'nothing' ? undefined : 'outcome'}>
        <div role="status">
          {decided && sendError === undefined && <DecisionNote decided={decided} />}
          {read.kind === 'other' && read.line.verb !== 'help' && <p class="note">{leadsTo(read.line).sentence}</p>}
        </div>
        {wrong !== undefined && <WrongNote error={wrong} />}
        {question && !decided && wrong === undefined && <p class="quiet">Asking what policy says …</p>}
        {unlisted !== undefined && !question && (
          <p class="quiet">Names of machines cannot be suggested now: {visible(messageOf(unlisted))}</p>
        )}
      </div>
      <AskHelp
        me={me}
        isOpen={isHelpOpen || (read.kind === 'nothing' && written.face === 'line')}
        onTake={(example) => {
          setLine(example);
          first.current?.focus();
        }}
      />
    </>
  );
}

/** Who may not ask is told so before they write it all. */
function withRole(read: Read, me: Me): Read {
  if (read.kind !== 'check' || hasRole(me, 'Check.Request')) return read;
  return { kind: 'fault', field: 'source', message: 'To ask for a check you need the app role Check.Request.' };
}

function wordIn(written: ReturnType<typeof useWritten>['written'], field: keyof Fields): string | undefined {
  if (written.face === 'fields')
    return field === 'source' || field === 'destination' ? written.fields[field].trim() : undefined;
  const { word, place } = wordAt(written.line);
  return place === 'source' || place === 'destination' ? word : undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
