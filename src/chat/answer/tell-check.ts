import { read, viewWithResult } from '../../check/read.ts';
import { isOwn } from '../../check/sight/sight.ts';
import { type Check, hasEnded } from '../../check/state/check.ts';
import { renderCheck } from '../../rendering/render-check.ts';
import { drawCheck } from '../draw/draw-check.ts';
import type { ChatMessage, ShownCheck } from '../message.ts';
import type { Answer, AnswerDeps, ChatCall } from './answer.ts';

type Told = Omit<ShownCheck, 'id'>;

/** A check as its reader is told of it; its end is awaited where it is still to come. */
export async function tellCheck(deps: AnswerDeps, call: ChatCall, check: Check, told: Told = {}): Promise<Answer> {
  const message = await messageOf(deps, call, check, told);
  const { note } = told;
  const about = { kind: 'check', id: check.id, ...(note !== undefined && { note }) } as const;
  return { message, about, hasEnded: hasEnded(check) };
}

/** The same of one that the actor may read. Throws as `read` does. */
export async function showCheck(
  deps: AnswerDeps,
  call: ChatCall,
  checkId: string,
  told: Told = {},
  resource?: string,
): Promise<Answer> {
  return tellCheck(deps, call, await read(deps, call.actor, checkId, resource), told);
}

export async function messageOf(deps: AnswerDeps, call: ChatCall, check: Check, told: Told): Promise<ChatMessage> {
  const view = await viewWithResult(deps, check, deps.pause);
  const { room, showLabel, actor } = call;
  return drawCheck(renderCheck(view, deps.publicUrl), { ...told, isOwn: isOwn(actor.caller, check), room, showLabel });
}
