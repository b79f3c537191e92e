#!/bin/sh
# The key that signs checkpoints of the audit, made here and put into the key vault through Resource Manager, which can
# write secrets and cannot read them. Nobody needs a right to read it but the proxy.
#
#   scripts/signing-key.sh ensure <vault's resource id>   makes it where it is missing
#   scripts/signing-key.sh rotate <vault's resource id>   makes a new version
#
# Prints a line where it made one: without a restart the app takes it within a day only.
set -eu
case "${1-} $#" in
  'ensure 2' | 'rotate 2') ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
arm=$(az cloud show --query endpoints.resourceManager --output tsv | sed 's:/*$::')
url="$arm$2/secrets/audit-signing-key?api-version=2023-07-01"
if [ "$1" = ensure ]; then
  listed=$(az rest --method get --url "$arm$2/secrets?api-version=2023-07-01" --query "value[?name=='audit-signing-key'].name" --output tsv)
  [ -z "$listed" ] || exit 0
fi
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node -e '
  const { privateKey } = require("node:crypto").generateKeyPairSync("ed25519");
  const value = privateKey.export({ type: "pkcs8", format: "pem" });
  process.stdout.write(JSON.stringify({ properties: { value, contentType: "application/x-pem-file" } }));
' >"$work/secret.json"
az rest --method put --url "$url" --body "@$work/secret.json" --output none
echo 'A new key was made. Restart the app, so that it signs with it.'
