#!/bin/sh
# What azd runs before it provisions: the policy, a resource provider, the app registration. It can be run again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/require-policy.sh"
# Flex Consumption in a virtual network needs this provider; the question about the network comes later.
set -- --namespace Microsoft.App ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"}
[ "$(az provider show "$@" --query registrationState --output tsv)" = Registered ] || az provider register "$@" --wait
[ -z "${ENTRA_CLIENT_ID-}" ] || exit 0
name="connectivity-check-proxy-$AZURE_ENV_NAME"
if client=$("$here/entra-app.sh" register "$name"); then
  azd env set ENTRA_CLIENT_ID "$client"
else
  cat >&2 <<END

The app could not be registered in Entra ID. Where the error above says that you may not, ask somebody who may (the role
Application Developer is enough) to run this in a clone of this repository, and to tell you the id that it prints:
  scripts/entra-app.sh register $name
Then go on with:
  azd env set ENTRA_CLIENT_ID <that id>
  azd up
END
  exit 1
fi
