import { escapeHidden } from '../contract/text/escape-hidden.ts';

/** Somebody's text as it may be shown anywhere, a terminal included: what would be obeyed or not seen is written out. */
export const visible = (text: string): string => escapeHidden(text);

/** `2026-03-01 10:02:11 UTC` */
export const momentInWords = (time: string): string => visible(`${time.slice(0, 10)} ${time.slice(11, 19)} UTC`);

/** `48 s`, `2 min 5 s`, `1 h 4 min` */
export function spanInWords(from: string, to: string): string | undefined {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (!(seconds >= 0)) return undefined;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `just now`, `3 min ago`, `5 h ago`, `2 days ago`; nothing where the clock says it is still to come. */
export function agoInWords(time: string, now: Date): string | undefined {
  const minutes = Math.floor((now.getTime() - Date.parse(time)) / 60_000);
  if (!(minutes >= 0)) return undefined;
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** The begin of an id, which stands for the whole wherever one is taken. */
export const shortId = (id: string): string => visible(id.slice(0, 8));
