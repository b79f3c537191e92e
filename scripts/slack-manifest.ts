// Prints the manifest of the Slack app for an installation of the proxy: `npm run --silent slack-manifest -- URL`.
import { slackManifest } from './slack/manifest.ts';

const [given = process.env['PUBLIC_URL'] ?? ''] = process.argv.slice(2);
const url = URL.canParse(given) ? new URL(given) : undefined;
if (url?.protocol === 'https:' && url.search === '' && url.hash === '')
  process.stdout.write(`${JSON.stringify(slackManifest(url.href.replace(/\/$/, '')), null, 2)}\n`);
else {
  process.stderr.write(
    'Give the https address of the proxy: npm run --silent slack-manifest -- https://proxy.example.com\n',
  );
  process.exitCode = 2;
}
