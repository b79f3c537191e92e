#!/bin/sh
# What azd runs before it provisions: the policy, a resource provider, the app registration. It can be run again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/require-policy.sh"
# Flex Consumption in a virtual network needs this provider; the question about the network comes later.
set -- --namespace Microsoft.App ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"}
[ "$(az provider show "$@" --query registrationState --output tsv)" = Registered ] || az provider register "$@" --wait
[ -n "${ENTRA_CLIENT_ID-}" ] || azd env set ENTRA_CLIENT_ID "$("$here/entra-app.sh" register "connectivity-check-proxy-$AZURE_ENV_NAME")"
