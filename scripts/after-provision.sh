#!/bin/sh
# What azd runs after it provisioned: the parts that no template can do. It can be run again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/entra-app.sh" federate "$ENTRA_CLIENT_ID" "$IDENTITY_PRINCIPAL_ID"
made=$("$here/signing-key.sh" ensure "$VAULT_ID")
# What the app looked up before the key was there it would look up again within a day only.
[ -z "$made" ] || az functionapp restart --name "$FUNCTION_APP_NAME" --resource-group "$AZURE_RESOURCE_GROUP" \
  --output none
[ "$CHECKPOINT_POLICY" = unlocked ] || "$here/lock-checkpoints.sh"
cat <<END

The proxy is at $PROXY_URL. Next:
  1. Let somebody ask for checks, by assigning the role Check.Request (here: to yourself):
       scripts/assign-role.sh $ENTRA_CLIENT_ID Check.Request "\$(az ad signed-in-user show --query id --output tsv)"
  2. See that everything answers, once the app is deployed:
       curl -s $PROXY_URL/api/health/ready
  3. Ask who you are to the proxy:
       curl -s $PROXY_URL/api/me -H "Authorization: Bearer \$(az account get-access-token --resource api://$ENTRA_CLIENT_ID --query accessToken --output tsv)"
END
