import { createHash } from 'node:crypto';

const style = `body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}
h1{font-size:1.4rem}label{display:block;margin:.6rem 0}input[type=text]{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.4rem}
fieldset{margin:1rem 0}button{font:inherit;padding:.5rem 1.5rem}.fault{color:#a4262c}code{font-size:1.3em;letter-spacing:.1em}
@media(prefers-color-scheme:dark){body{color:#eee;background:#1b1b1f}.fault{color:#ff99a4}}`;

/**
 * Of each page. No other page may frame it, and it runs no script. There is no `no-referrer`: with it browsers say
 * `Origin: null` when a form is sent, and then nobody could tell whose page it was.
 */
export const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
};

/** Asks who to be. Without a name, roles and groups it says what is to be corrected. */
export const chooseWho = (fault?: string): string =>
  layout(
    'Who do you want to be?',
    `${faultLine(fault)}
<p>Nobody checks this: it is the sign-in of a proxy that runs on this machine alone.</p>
<form method="post">
<label>Name <input type="text" name="user" value="alice" required maxlength="1000" autofocus></label>
<fieldset><legend>Roles</legend>
<label><input type="checkbox" name="roles" value="Check.Request" checked> Check.Request: asks for checks</label>
<label><input type="checkbox" name="roles" value="Audit.Read"> Audit.Read: reads all checks and the audit</label>
<label><input type="checkbox" name="roles" value="Check.Admin"> Check.Admin: cancels the checks of others</label>
</fieldset>
<label>Groups, by id <input type="text" name="groups"></label>
<button>Sign in</button>
</form>`,
  );

/** Asks for the code that a device shows. */
export const enterCode = (form: string, isWrong: boolean): string =>
  layout(
    'Which code does your terminal show?',
    `${faultLine(isWrong ? 'No sign-in waits with this code. Type it again, or begin again in the terminal.' : undefined)}
${withoutScript(form)}<button form="op.deviceInputForm">Next</button>`,
  );

export const confirmCode = (form: string, code: string): string =>
  layout(
    'Is this the code that your terminal shows?',
    `<p><code>${escaped(code)}</code></p><p>Go on only if you began this sign-in yourself.</p>
${form}<button form="op.deviceConfirmForm">Yes, go on</button>`,
  );

export const signedIn = layout('You are signed in', '<p>Go back to the terminal; this page can be closed.</p>');

export const failed = (message: string): string => layout('This did not work', `<p>${escaped(message)}</p>`);

const faultLine = (fault: string | undefined): string =>
  fault === undefined ? '' : `<p class="fault" role="alert">${escaped(fault)}</p>`;

/** The library's field takes the focus by a script, which the page's policy forbids. */
const withoutScript = (form: string): string => form.replace(/ onfocus="[^"]*"/, '');

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style>
<main><h1>${title}</h1>
${body}
</main></html>
`;
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign);
