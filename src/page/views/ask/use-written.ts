import { useRef, useState } from 'preact/hooks';
import { type Fields, fieldsOfLine, isEmpty, lineOfFields } from './faces.ts';
import type { Written } from './read-asked.ts';

export interface Writing {
  readonly written: Written;
  readonly setLine: (line: string) => void;
  readonly setFields: (fields: Fields) => void;
  /** Shows the other face of the same. */
  readonly turn: () => void;
}

/** What is written, in a line or in fields. What is turned and turned back unchanged is as it was. */
export function useWritten(filledIn: Fields): Writing {
  const [written, setWritten] = useState<Written>(() =>
    isEmpty(filledIn) ? { face: 'line', line: '' } : { face: 'fields', fields: filledIn },
  );
  const turned = useRef<{ readonly from: Written; readonly to: Written } | undefined>(undefined);
  const turn = () => {
    const back = turned.current?.to === written ? turned.current.from : otherFace(written);
    turned.current = { from: written, to: back };
    setWritten(back);
  };
  return {
    written,
    setLine: (line) => {
      setWritten({ face: 'line', line });
    },
    setFields: (fields) => {
      setWritten({ face: 'fields', fields });
    },
    turn,
  };
}

const otherFace = (written: Written): Written =>
  written.face === 'line'
    ? { face: 'fields', fields: fieldsOfLine(written.line) }
    : { face: 'line', line: lineOfFields(written.fields) };
