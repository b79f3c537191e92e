#!/bin/sh
# What azd runs before it provisions: whether there is a policy to deploy, a resource provider, the app
# registration. It can be run again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/../policy.json" ]; then
  echo 'There is no policy.json yet, and without a policy nothing may be tested. Begin with a copy of the sample:' >&2
  echo '  cp policy.sample.json policy.json' >&2
  echo 'Say in it who may test what, commit it, and run azd up again.' >&2
  exit 1
fi
# Flex Consumption in a virtual network needs this provider; the question about the network comes later.
set -- --namespace Microsoft.App ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"}
[ "$(az provider show "$@" --query registrationState --output tsv)" = Registered ] || az provider register "$@" --wait
[ -n "${ENTRA_CLIENT_ID-}" ] || azd env set ENTRA_CLIENT_ID "$("$here/entra-app.sh" register "connectivity-check-proxy-$AZURE_ENV_NAME")"
