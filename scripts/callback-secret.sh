#!/bin/sh
# The secret that keys of callbacks are made of, made here and put into the key vault through Resource Manager, which can
# write secrets and cannot read them. Nobody needs a right to read it but the proxy and whoever tells receivers their keys.
#
#   scripts/callback-secret.sh ensure <vault's resource id>   makes it where it is missing
#
# Prints a line where it made one: without a restart the app takes it within a day only.
set -eu
case "${1-} $#" in
  'ensure 2') ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
arm=$(az cloud show --query endpoints.resourceManager --output tsv | sed 's:/*$::')
version='api-version=2023-07-01'
listed=$(az rest --method get --url "$arm$2/secrets?$version" --query "value[?name=='callback-secret'] | [0].name" --output tsv)
[ -z "$listed" ] || exit 0
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node -e '
  const value = `whsec_${require("node:crypto").randomBytes(32).toString("base64")}`;
  process.stdout.write(JSON.stringify({ properties: { value, contentType: "text/plain" } }));
' >"$work/secret.json"
az rest --method put --url "$arm$2/secrets/callback-secret?$version" --body "@$work/secret.json" --output none
echo 'A new secret of callbacks was made. Restart the app, so that it signs with it.'
