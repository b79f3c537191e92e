import type { AuditEvent, Verification } from '../../client/answers.ts';
import { readBase } from '../../client/address.ts';
import { momentInWords, shortId, visible } from '../../rendering/visible.ts';
import { auditApi } from '../audit/api.ts';
import { exportAudit } from '../audit/export-audit.ts';
import { verifyOnline } from '../audit/verify-online.ts';
import { usageError } from '../cli-error.ts';
import type { Context, Outcome } from '../context.ts';
import { drawTable } from '../draw/draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import { countIn, type Options } from '../options.ts';
import { firstOf } from './first-of.ts';

/** `netcheck audit list|export|verify` */
export async function audit(context: Context): Promise<Outcome> {
  const [, verb = '', ...more] = context.words;
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!run || more.length > 0)
    throw usageError('Write netcheck audit list, netcheck audit export --out FILE, or netcheck audit verify.');
  return run(context);
}

const verbs: Readonly<Record<string, (context: Context) => Promise<Outcome>>> = {
  list: async ({ client, options, signal }) => {
    const most = countIn(options, 'top', 20);
    const events = await firstOf(
      client().audit.list({ ...periodIn(options), top: Math.min(most, 1000), signal }),
      most,
    );
    return {
      json: { value: events },
      text: events.length === 0 ? 'There are no events.' : drawTable(events.map(row)),
      exit: exitCodes.ok,
    };
  },
  export: async ({ options, terminal, url, send, signal, goingOn }) => {
    const { out, after } = options;
    if (out === undefined) throw usageError('Give --out, a file that ends in .csv or .ndjson.');
    const progress = terminal.progress();
    await exportAudit(auditApi(readBase(url()), send(), signal), {
      ...{ from: options.from, to: options.to, after, out, progress, goingOn },
    });
    goingOn(undefined);
    return { json: { file: out }, text: `${out} is whole.`, exit: exitCodes.ok };
  },
  verify: async (context) => {
    const verification = await verify(context);
    const { valid } = verification;
    return { json: verification, text: drawVerification(verification), exit: valid ? exitCodes.ok : exitCodes.error };
  },
};

const periodIn = ({ from, to }: Options) => ({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) });

function row({ time, action, requester, target, checkId, outcome, decision }: AuditEvent): readonly string[] {
  const { source, destination, port, resource } = target;
  const place = [destination, port].filter((each) => each !== undefined).join(':');
  const what = resource ?? (source === undefined ? '' : `${source.slice(source.lastIndexOf('/') + 1)} → ${place}`);
  const end = outcome?.reachability ?? outcome?.code ?? (decision.allowed ? '' : 'refused');
  return [
    momentInWords(time),
    ...[action, requester.name, checkId === undefined ? '' : shortId(checkId), end, what].map(visible),
  ];
}

async function verifyFiles({
  from,
  to,
  export: file,
  checkpoints,
  'public-key': publicKey,
}: Options): Promise<Verification> {
  if (file === undefined || checkpoints === undefined || publicKey === undefined)
    throw usageError('Give --export, --checkpoints and --public-key.');
  // Its modules are many, and no other command needs them.
  const { verifyOffline } = await import('../audit/verify-offline.ts');
  return verifyOffline({ export: file, checkpoints, publicKey, from, to });
}

async function verify({ options, client, terminal, signal }: Context): Promise<Verification> {
  const { from, to } = options;
  if (options.offline === true) return verifyFiles(options);
  if ((options.export ?? options.checkpoints ?? options['public-key']) !== undefined)
    throw usageError('Files are verified with --offline: give it, too.');
  const until = to === undefined ? new Date() : new Date(to);
  const since = from === undefined ? new Date(until.getTime() - 86_400_000) : new Date(from);
  if (Number.isNaN(since.getTime()) || Number.isNaN(until.getTime()))
    throw usageError('Give --from and --to as days or times, such as 2026-03-01.');
  // Nothing would be proved, and that would look like a proof.
  if (since >= until) throw usageError('--from has to be before --to, and before now where --to is not given.');
  return verifyOnline(client().audit, { from: since, to: until, progress: terminal.progress(), signal });
}

function drawVerification({ valid, events, pending, provenUntil, faults, gaps }: Verification): string {
  const lines = [
    `${valid ? 'The audit is as it was written' : 'The audit is not as it was written'}: ${events} events are as they should be, ${faults.length} faults.`,
    ...(provenUntil === undefined
      ? []
      : [`Proven until ${momentInWords(provenUntil)}; ${pending} events wait for the next checkpoint.`]),
    ...faults.map(({ kind, place, detail }) => visible(`${kind}  ${place}  ${detail}`)),
    ...gaps.map((gap) => `No checkpoint from ${momentInWords(gap.from)} to ${momentInWords(gap.to)}.`),
  ];
  return lines.join('\n');
}
