import { z } from 'zod';
import { callerSchema } from '../../contract/requester.ts';
import { sha256 } from '../../contract/sha256.ts';
import { uuidOfHash } from '../../contract/uuid-of-hash.ts';
import { type Account, accountSchema } from '../account.ts';

/** That a chat account acts for a person, until when, and with what of theirs. */
export const linkSchema = z.strictObject({
  id: z.uuid(),
  account: accountSchema,
  /** As the chat names them, for whoever looks at the link. */
  name: z.string(),
  teamName: z.string().optional(),
  email: z.string().optional(),
  /** The person, with what the link carries of their token. */
  caller: callerSchema,
  /** Names by which the person signs in, as their token had them: the account's e-mail is held to them again. */
  signInNames: z.array(z.string()),
  linkedAt: z.iso.datetime(),
  until: z.iso.datetime(),
  /** When the chat last said that the account may be linked. */
  confirmedAt: z.iso.datetime(),
  /** When to look after it next. */
  lookAt: z.iso.datetime(),
});
export type Link = z.infer<typeof linkSchema>;

/** A code that stands for a chat account until somebody confirms the link, or ten minutes are over. Its hash is kept, not the code. */
export const openCodeSchema = z.strictObject({
  codeHash: z.string(),
  account: accountSchema,
  /** As the message has them; believed for nothing. */
  name: z.string().optional(),
  teamName: z.string().optional(),
  /** Where the account is told that it is linked, as its door needs it. */
  place: z.record(z.string(), z.string()),
  until: z.iso.datetime(),
});
export type OpenCode = z.infer<typeof openCodeSchema>;

/** An account has one link, so the account names it. */
export const linkIdOf = ({ chat, team, user }: Account): string =>
  uuidOfHash(sha256(`link ${JSON.stringify([chat, team, user])}`));

export const hashOfCode = (code: string): string => sha256(`code ${code}`);
