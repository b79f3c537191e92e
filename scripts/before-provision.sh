#!/bin/sh
# What azd runs before it provisions: the app registration, and whether there is a policy to deploy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/../policy.json" ]; then
  echo 'There is no policy.json yet, and without a policy nothing may be tested. Begin with a copy of the sample:' >&2
  echo '  cp policy.sample.json policy.json' >&2
  echo 'Say in it who may test what, commit it, and run azd up again.' >&2
  exit 1
fi
[ -n "${ENTRA_CLIENT_ID-}" ] || azd env set ENTRA_CLIENT_ID "$("$here/entra-app.sh" register "connectivity-check-proxy-$AZURE_ENV_NAME")"
