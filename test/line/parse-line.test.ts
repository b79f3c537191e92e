import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bareWord } from '../../src/line/bare-word.ts';
import { formatLine } from '../../src/line/format-line.ts';
import { type Line, usage } from '../../src/line/line.ts';
import { parseLine } from '../../src/line/parse-line.ts';
import { readAsk } from '../../src/line/read-ask.ts';
import { verbs } from '../../src/line/verbs.ts';
import { numRuns, ofRuns } from '../support/run/num-runs.ts';

const vm =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-01';
const id = '3f2a9c1e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
const nbsp = '\u00a0';

/** The line that is read, in short; of a fault its message. */
function read(text: string, mentions: readonly string[] = []): string {
  const parsed = parseLine(text, { mentions });
  if (!parsed.ok) return parsed.message;
  const { verb, ...rest } = parsed.line;
  return [verb, ...Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)].join(' ');
}

const check = (destination: string, more = ''): string =>
  `check source=web-01 destination=${destination}${more === '' ? '' : ` ${more}`}`;

describe('A check', () => {
  test.each([
    ['web-01 db', check('db')],
    ['web-01 db:1433', check('db', 'port=1433')],
    ['web-01 db:1433 tcp', check('db', 'port=1433 protocol=Tcp')],
    ['web-01 db icmp', check('db', 'protocol=Icmp')],
    ['web-01 db HTTP', check('db', 'protocol=Http')],
    ['web-01 db:8443 https', check('db', 'port=8443 protocol=Https')],
    ['  web-01\tdb:1433\n', check('db', 'port=1433')],
    ['web-01 db.contoso.com:443', check('db.contoso.com', 'port=443')],
    ['web-01 10.1.2.4:1433', check('10.1.2.4', 'port=1433')],
    ['web-01 ::1', check('::1')],
    ['web-01 fe80::', check('fe80::')],
    ['web-01 [::1]', check('::1')],
    ['web-01 [::1]:443', check('::1', 'port=443')],
    ['web-01 [2001:db8::10.1.2.4]:443 tcp', check('2001:db8::10.1.2.4', 'port=443 protocol=Tcp')],
    ['web-01 fe80::1%eth0', check('fe80::1%eth0')],
    ['web-01 https://shop.example.com/health', check('https://shop.example.com/health')],
    [
      'web-01 https://shop.example.com:8443/health?deep=1#top',
      check('https://shop.example.com:8443/health?deep=1#top'),
    ],
    ['web-01 https://[::1]:8443/', check('https://[::1]:8443/')],
    ['web-01 https://shop.example.com https', check('https://shop.example.com', 'protocol=Https')],
    ['web-01 bücher.example:443', check('bücher.example', 'port=443')],
    ['web-01 set_1(old):22', check('set_1(old)', 'port=22')],
    [`${vm} db:1433`, `check source=${vm} destination=db port=1433`],
    [`${vm}/ db:1433`, `check source=${vm}/ destination=db port=1433`],
    [`https://management.azure.com${vm} db:1`, `check source=https://management.azure.com${vm} destination=db port=1`],
    [`web-01 ${vm}:22`, check(vm, 'port=22')],
    [
      `web-01 https://management.azure.com${vm}:22 tcp`,
      check(`https://management.azure.com${vm}`, 'port=22 protocol=Tcp'),
    ],
    ['web-01 db:1433 because the deploy fails', check('db', 'port=1433 reason=the deploy fails')],
    ['web-01 db:1433 tcp Because: INC-1042, again.', check('db', 'port=1433 protocol=Tcp reason=INC-1042, again.')],
    ['web-01 db:1433 because one\r\ntwo', check('db', 'port=1433 reason=one\ntwo')],
    ['web-01 db:1433 because “quotes” stay, because so', check('db', 'port=1433 reason=“quotes” stay, because so')],
    ['web-01 because:443', check('because', 'port=443')],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('What was pasted is undone', () => {
  test.each([
    // Slack
    ['web-01 <http://db|db>:1433', check('db', 'port=1433')],
    ['web-01 <http://db.contoso.com:1433|db.contoso.com:1433> tcp', check('db.contoso.com', 'port=1433 protocol=Tcp')],
    ['web-01 <http://db.contoso.com|db.contoso.com>, because x', check('db.contoso.com', 'reason=x')],
    ['web-01 <https://shop.example.com/health>', check('https://shop.example.com/health')],
    ['web-01 <https://shop.example.com/?a=1&amp;b=2>', check('https://shop.example.com/?a=1&b=2')],
    ['web-01 <https://shop.example.com|our shop>', check('https://shop.example.com')],
    ['web-01 <https://shop.example.com|>', check('https://shop.example.com')],
    ['<@U012AB3CD> web-01 db:1433', check('db', 'port=1433')],
    ['<@U012AB3CD|netcheck> web-01 db:1433', check('db', 'port=1433')],
    ['web-01 db:1433 because a &lt; b &amp;&amp; c &gt; d', check('db', 'port=1433 reason=a < b && c > d')],
    ['web-01 db:1433 because &amp;lt; is no sign', check('db', 'port=1433 reason=&lt; is no sign')],
    [
      'web-01 db:1433 because <@U1|anna> wrote <mailto:a@example.com|a@example.com> in <#C1|net>, see <https://example.com/1|the ticket>',
      check('db', 'port=1433 reason=@anna wrote a@example.com in #net, see https://example.com/1'),
    ],
    ['web-01 db:1433 because &lt;5 ms and &gt;3', check('db', 'port=1433 reason=<5 ms and >3')],
    ['web-01 &lt;http://db|db&gt;:1433', check('db', 'port=1433')],
    // Teams, mail, documents
    [`web-01${nbsp}db:1433${nbsp}tcp`, check('db', 'port=1433 protocol=Tcp')],
    ['web-01&nbsp;db:1433', check('db', 'port=1433')],
    ['web-01\u202fdb:1433\u2007icmp', check('db', 'port=1433 protocol=Icmp')],
    [`web-01 db:1433 because${nbsp}it${nbsp}fails`, check('db', 'port=1433 reason=it fails')],
    ['\ufeffweb-01 \u200bdb:1433\u200e', check('db', 'port=1433')],
    ['web-01 [db.contoso.com](http://db.contoso.com):1433', check('db.contoso.com', 'port=1433')],
    ['web-01 [https://shop.example.com/](https://shop.example.com/)', check('https://shop.example.com/')],
    ['“web-01” “db:1433”', check('db', 'port=1433')],
    ['‘web-01 db:1433’', check('db', 'port=1433')],
    ['„web-01“ «db:1433»', check('db', 'port=1433')],
    ['"web-01" \'db:1433\' `tcp`', check('db', 'port=1433 protocol=Tcp')],
    ['web-01, db:1433.', check('db', 'port=1433')],
    ['web-01 db:1433?', check('db', 'port=1433')],
    ['web-01 db:1433!…', check('db', 'port=1433')],
    ['web-01 (db:1433)', check('db', 'port=1433')],
    ['(web-01 db:1433)', check('db', 'port=1433')],
    ['web-01 <db:1433>', check('db', 'port=1433')],
    ['web-01 db: icmp', check('db', 'protocol=Icmp')],
    ['web-01 "[::1]:443".', check('::1', 'port=443')],
    ['web-01 https://example.com/a_(b)', check('https://example.com/a_(b)')],
    ['web-01 https://shop.example.com/health.', check('https://shop.example.com/health')],
    ['web-01 -> db:1433', check('db', 'port=1433')],
    ['web-01 → db:1433', check('db', 'port=1433')],
    [`show https://proxy.example.com/#/checks/${id}`, `show id=${id}`],
    [`show <https://proxy.example.com/api/checks/${id}|${id}>`, `show id=${id}`],
    ['show `3F2A9C1E`.', 'show id=3f2a9c1e'],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('and a mention as the entities of the message have it, whatever the bot is called', () => {
    const at = '<at>Net check (beta)</at>';
    expect(read(`${at} web-01 db:1433`, [at])).toBe(check('db', 'port=1433'));
    expect(read(`${at}${nbsp}web-01 db:1433 ${at}`, [at])).toBe(check('db', 'port=1433'));
    expect(read(at, [at])).toBe(`Write ${usage}, or help.`);
  });
});

describe('A verb', () => {
  test.each([
    ['show 3f2a9c1e', 'show id=3f2a9c1e'],
    [`SHOW ${id}`, `show id=${id}`],
    ['show 3f2a9c1e-3b1a-4', 'show id=3f2a9c1e-3b1a-4'],
    ['again 3f2a9c1e', 'again id=3f2a9c1e'],
    ['again 3f2a9c1e because the rule was mended', 'again id=3f2a9c1e reason=the rule was mended'],
    ['compare 3f2a9c1e', 'compare id=3f2a9c1e'],
    ['compare 3f2a9c1e LastGood', 'compare id=3f2a9c1e with=lastGood'],
    ['compare 3f2a9c1e previous', 'compare id=3f2a9c1e with=previous'],
    [`compare 3f2a9c1e ${id}`, `compare id=3f2a9c1e with=${id}`],
    ['flow web-01 db', 'flow source=web-01 destination=db'],
    ['flow web-01 db:1433 tcp', 'flow source=web-01 destination=db port=1433 protocol=Tcp'],
    ['flow web-01 → [::1]:443', 'flow source=web-01 destination=::1 port=443'],
    ['share 3f2a9c1e', 'share id=3f2a9c1e'],
    [`share 3f2a9c1e ${id}`, `share id=3f2a9c1e to=${id}`],
    ['list', 'list'],
    ['List.', 'list'],
    ['cancel 3f2a9c1e', 'cancel id=3f2a9c1e'],
    ['set run shop', 'set name=shop'],
    ['set run shop because of the deploy', 'set name=shop reason=of the deploy'],
    ['endpoints', 'endpoints'],
    ['endpoints web', 'endpoints search=web'],
    ['me', 'me'],
    ['link', 'link'],
    ['help', 'help'],
    ['help Compare', 'help about=compare'],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('A fault names what to do', () => {
  test.each([
    ['', `Write ${usage}, or help.`],
    ['“ ”', `Write ${usage}, or help.`],
    ['web-01', `"web-01" alone is no check: write ${usage}, or help.`],
    // No host: the character is named.
    ['web-01 db–01:443', 'No host name has – (U+2013, en dash) at position 3: write a plain hyphen (-).'],
    ['web-01 d\u200bb:443', 'No host name has U+200B (zero-width space) at position 2: take it out.'],
    ['web-01 alice@example.com', 'No host name has @ (U+0040) at position 6: take it out.'],
    ['web-01 <mailto:a@example.com|a@example.com>', 'No host name has @ (U+0040) at position 2: take it out.'],
    [
      'web-01 db/health:443',
      'No host name has / (U+002F) at position 3: give the name alone, or a URI that begins with http:// or https://.',
    ],
    ['web-01 d\u202eb:443', 'No host name has U+202E (right-to-left override) at position 2: take it out.'],
    ['web-01 db\u001b[31m:443', 'No host name has U+001B at position 3: take it out.'],
    ['web-01 db😀:443', 'No host name has 😀 (U+1F600) at position 3: take it out.'],
    [
      'web-01 https://shop’s.example.com/',
      'No host name has ’ (U+2019, right single quotation mark) at position 5: take it out.',
    ],
    ['web–01 db:443', 'No name of a source has – (U+2013, en dash) at position 4: write a plain hyphen (-).'],
    ['web-01 *.contoso.com:443', 'A star (*) stands for many hosts, and a check goes to one: give its whole name.'],
    ['web-01 10.0.0.0/24', '"10.0.0.0/24" is a range, and a check goes to one address: give one address of it.'],
    ['web-01 -- --', '"--" is no name: it has a letter or a digit.'],
    // Ports
    ['web-01 db 1433', 'Write the port behind a colon: "db:1433".'],
    ['web-01 db,1433', 'Write the port behind a colon: "db:1433".'],
    ['web-01 db:0', '"0" is no port: give a number from 1 to 65535.'],
    ['web-01 db:65536', '"65536" is no port: give a number from 1 to 65535.'],
    ['web-01 db:0443', '"0443" is no port: give a number from 1 to 65535.'],
    ['web-01 db:sql', '"sql" is no port: give a number from 1 to 65535.'],
    ['web-01 :1433', 'A name stands before the colon: write it like db:1433.'],
    ['web-01 https://shop.example.com:70000/', '"70000" is no port: give a number from 1 to 65535.'],
    [
      'web-01 a:b:c',
      '"a:b:c" has more than one colon: a port is written like db:1433, and behind an IPv6 address like [::1]:443.',
    ],
    ['web-01 [db]:443', 'Brackets stand around an IPv6 address, and its port behind them: write it like [::1]:443.'],
    // Protocols
    ['web-01 db:53 udp', "Azure's check has no UDP: give tcp, icmp, http or https."],
    ['web-01 db ping', 'Write icmp for a ping.'],
    ['web-01 db:1433 tpc', '"tpc" is no protocol: did you mean "tcp"?'],
    ['web-01 db:1433 htps', '"htps" is no protocol: did you mean "https"?'],
    ['web-01 db:1433 becuase it fails', '"becuase" is no protocol: did you mean "because"?'],
    [
      'web-01 db:1433 tcp please',
      '"please" is too much: behind the destination stands tcp, icmp, http or https, and a reason behind "because".',
    ],
    [
      'web-01 https://shop.example.com tcp',
      'A URI is tested by its own scheme, https: leave tcp out, or give the host name alone.',
    ],
    [
      'web-01 tcp://db:1433',
      'Of URIs only http and https can be tested: write the host and its port, such as "db:1433".',
    ],
    ['web-01 https:/shop.example.com', 'Write // and a host name after https:.'],
    ['web-01 https://anna:secret@shop.example.com/', 'Give the URI without user name and password.'],
    // Sources
    [
      '10.0.0.4 db:1433',
      '"10.0.0.4" is an address, and a check starts from an Azure machine: give the name of an endpoint or of a source, or a resource id.',
    ],
    [
      'https://web-01 db:1433',
      '"https://web-01" is a URI, and a check starts from an Azure machine: give the name of an endpoint or of a source, or a resource id.',
    ],
    ['web-01:22 db:1433', 'A source has no port: write "web-01" alone, and the port behind the destination.'],
    // Reasons
    ['web-01 db:1433 because', 'Say why behind "because", or leave it out.'],
    ['web-01 db:1433 because a\u0007b', 'The reason has U+0007 at position 2, which nobody sees: take it out.'],
    [`web-01 db:1433 because ${'x'.repeat(501)}`, 'A reason has at most 500 characters: shorten it.'],
    [`web-01 db ${'x'.repeat(4000)}`, 'A line has at most 4000 characters: shorten it.'],
    // Verbs
    ['lsit', 'There is no "lsit": did you mean "list"?'],
    ['hlep', 'There is no "hlep": did you mean "help"?'],
    // The opposite of a verb is none of its spellings.
    ['unlink', `"unlink" alone is no check: write ${usage}, or help.`],
    ['help unshare', 'There is no "unshare": write help for all there is.'],
    ['help shwo', 'There is no "shwo": did you mean "show"?'],
    ['help everything', 'There is no "everything": write help for all there is.'],
    [
      'cancle 3f2a9c1e now',
      '"now" is too much: behind the destination stands tcp, icmp, http or https, and a reason behind "because". Or did you mean "cancel"?',
    ],
    ['show', 'Say which check: write show ID, with the first 8 or more characters of its id.'],
    [
      'show 3f2a',
      '"3f2a" is no id of a check: give its first 8 or more characters, which are digits and the letters a to f.',
    ],
    ['show 3f2a9c1e 4', '"4" is too much: write show ID.'],
    ['show 3f2a9c1e because x', '"show" takes no reason: write show ID.'],
    ['compare 3f2a9c1e yesterday', '"yesterday" is nothing to compare with: give lastGood, previous or an id.'],
    ['share 3f2a9c1e anna', '"anna" is no object id: give the object ids of persons, or none.'],
    ['flow web-01', 'Say from where to where: write flow SOURCE DESTINATION[:PORT] [tcp|icmp|http|https].'],
    ['set shop', 'Say which set to run: write set run NAME [because REASON …].'],
    ['set run a/b', '"a/b" is no name of a set: it has up to 64 letters, digits and _ . -.'],
    ['list all', '"all" is too much: write list.'],
  ])('%j', (text, message) => {
    expect(read(text)).toBe(message);
  });
});

describe('Words that were given apart', () => {
  it('are read as in a line', () => {
    expect(
      readAsk({ source: ' web-01 ', destination: '“[::1]”', port: 443, protocol: 'HTTPS', reason: ' x ' }),
    ).toEqual({
      ok: true,
      ask: { source: 'web-01', destination: '::1', port: 443, protocol: 'Https', reason: 'x' },
    });
    expect(readAsk({ source: 'web-01', destination: 'db:443', port: 443 })).toMatchObject({ ask: { port: 443 } });
    expect(readAsk({ source: 'web-01', destination: 'db:443', port: 80 })).toEqual({
      ok: false,
      message: 'Two ports are given, 443 and 80: give one.',
    });
  });
});

const word = fc.oneof(
  fc.constantFrom(
    ...Object.keys(verbs),
    'because',
    'tcp',
    'icmp',
    'web-01',
    'db:1433',
    '[::1]:443',
    '::',
    '[',
    '<',
    '>',
  ),
  fc.constantFrom('https://a/b', vm, id, '3f2a9c1e', '<http://db|db>', '&lt;', '“', ')', ':', '\u00a0', '\u200b', '->'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
  fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
);

const letters = fc.stringMatching(/^[a-z0-9]([a-z0-9_.-]{0,20}[a-z0-9])?$/);
const name = letters.filter((each) => !Object.hasOwn(verbs, each));
const anId = fc.oneof(fc.uuid(), fc.stringMatching(/^[0-9a-f]{8}$/));
const port = fc.integer({ min: 1, max: 65_535 });
const flow = {
  source: fc.oneof(
    name.filter((each) => !/^\d{1,3}(\.\d{1,3}){3}$/.test(each)),
    fc.constant(vm),
  ),
  destination: fc.oneof(name, fc.ipV4(), fc.ipV6(), fc.constant(vm)),
  port,
  protocol: fc.constantFrom('Tcp', 'Icmp', 'Http', 'Https'),
} as const;
const some = <T, K extends keyof T>(model: { [P in keyof T]: fc.Arbitrary<T[P]> }, requiredKeys: K[]) =>
  fc.record(model, { requiredKeys });
const reason = fc.stringMatching(/^[a-z]([a-z ,.:"'()]{0,30}[a-z])?$/);
const line: fc.Arbitrary<Line> = fc.oneof(
  some({ verb: fc.constant('check' as const), ...flow, reason }, ['verb', 'source', 'destination']),
  some({ verb: fc.constant('flow' as const), ...flow }, ['verb', 'source', 'destination']),
  fc.record({ verb: fc.constantFrom('show' as const, 'cancel' as const), id: anId }),
  some({ verb: fc.constant('again' as const), id: anId, reason }, ['verb', 'id']),
  some({ verb: fc.constant('compare' as const), id: anId, with: fc.oneof(anId, fc.constant('lastGood')) }, [
    'verb',
    'id',
  ]),
  some({ verb: fc.constant('share' as const), id: anId, to: fc.array(fc.uuid(), { minLength: 1, maxLength: 3 }) }, [
    'verb',
    'id',
  ]),
  some({ verb: fc.constant('set' as const), name: letters, reason }, ['verb', 'name']),
  some({ verb: fc.constant('endpoints' as const), search: letters }, ['verb']),
  some({ verb: fc.constant('help' as const), about: fc.constantFrom(...Object.keys(verbs)) }, ['verb']),
  fc.record({ verb: fc.constantFrom('list' as const, 'me' as const, 'link' as const) }),
);

describe('Any text', () => {
  it('gives a line or a fault in a sentence that can be shown anywhere, and is never too much for the parser', () => {
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseLine(written);
        if (parsed.ok) return;
        expect(parsed.message).toMatch(/^[\p{L}"].*[.?]$/u);
        expect(parsed.message).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: numRuns(2_000) },
    );
    for (const sign of ['<', '[', '"', '&lt;', '<a:', '(', ':', '-', '\u200b', '[a](', '.'])
      parseLine(`web-01 ${sign.repeat(Math.floor(3_900 / sign.length))}`);
  });

  it('that is a line is read the same from its one spelling', () => {
    let lines = 0;
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseLine(written);
        if (!parsed.ok) return;
        lines += 1;
        const spelled = formatLine(parsed.line);
        expect(parseLine(spelled)).toEqual(parsed);
      }),
      { numRuns: numRuns(5_000) },
    );
    expect(lines).toBeGreaterThan(ofRuns(20));
  });

  it('that a line is written as is read as that line', () => {
    fc.assert(
      fc.property(line, (asked) => {
        expect(parseLine(formatLine(asked))).toEqual({ ok: true, line: asked });
      }),
      { numRuns: numRuns(2_000) },
    );
  });

  it('of a word has nothing to undo once it is undone', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(bareWord(bareWord(written))).toBe(bareWord(written));
      }),
      { numRuns: numRuns(1_000) },
    );
  });
});
