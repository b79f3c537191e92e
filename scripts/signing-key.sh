#!/bin/sh
# The key that signs checkpoints of the audit, made here and put into the key vault through Resource Manager, which can
# write secrets and cannot read them. Nobody needs a right to read it but the proxy.
#
#   scripts/signing-key.sh ensure <vault's resource id>   makes it where it is missing
#   scripts/signing-key.sh rotate <vault's resource id>   makes a new version, with the public keys of the 14 before it
#
# Prints a line where it made one: without a restart the app takes it within a day only.
set -eu
case "${1-} $#" in
  'ensure 2' | 'rotate 2') ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
arm=$(az cloud show --query endpoints.resourceManager --output tsv | sed 's:/*$::')
version='api-version=2023-07-01'
listed=$(az rest --method get --url "$arm$2/secrets?$version" --query "value[?name=='audit-signing-key'] | [0].{name: name, tags: tags}" --output json)
if [ "$1" = ensure ]; then
  case $listed in '' | null) ;; *) exit 0 ;; esac
fi
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A secret cannot be read here, so its tags have the public keys, its own last: they go into the next version.
LISTED=$listed node -e '
  const tags = Object.entries(JSON.parse(process.env.LISTED || "null")?.tags ?? {});
  const numberOf = ([name]) => Number(/^public-key-(\d+)$/.exec(name)?.[1] ?? 0);
  const former = tags.filter((tag) => numberOf(tag) > 0).sort((a, b) => numberOf(a) - numberOf(b)).slice(-14);
  const made = require("node:crypto").generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "der" },
  });
  const keys = former.map(([, key]) => key);
  const pems = keys.map((key) => `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n`);
  const value = [made.privateKey, ...pems].join("");
  keys.push(made.publicKey.toString("base64"));
  process.stdout.write(JSON.stringify({
    properties: { value, contentType: "application/x-pem-file" },
    tags: Object.fromEntries(keys.map((key, i) => [`public-key-${i + 1}`, key])),
  }));
' >"$work/secret.json"
az rest --method put --url "$arm$2/secrets/audit-signing-key?$version" --body "@$work/secret.json" --output none
echo 'A new key was made. Restart the app, so that it signs with it.'
