#!/bin/sh
# What azd runs after it provisioned: the parts that no template can do. It can be run again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
made=$("$here/signing-key.sh" ensure "$VAULT_ID")$("$here/callback-secret.sh" ensure "$VAULT_ID")
# What the app looked up before the key was there it would look up again within a day only.
[ -z "$made" ] || az functionapp restart --name "$FUNCTION_APP_NAME" --resource-group "$AZURE_RESOURCE_GROUP" \
  --output none
[ "$CHECKPOINT_POLICY" = unlocked ] || "$here/lock-checkpoints.sh"
# Last, as it is another's to do where the app registration is another's, and that must not keep the installation from its end.
for_owner=$("$here/entra-app.sh" federate "$ENTRA_CLIENT_ID" "$IDENTITY_PRINCIPAL_ID") || [ $? -eq 3 ]
"$here/entra-app.sh" page "$ENTRA_CLIENT_ID" "$PROXY_URL" 2>/dev/null || cat <<END

People cannot sign in on the proxy's page until the owner of the registration has run
       scripts/entra-app.sh page $ENTRA_CLIENT_ID $PROXY_URL
END
"$here/entra-app.sh" mcp "$ENTRA_CLIENT_ID" "$PROXY_URL" 2>/dev/null || cat <<END

Assistants that sign in by themselves cannot name $PROXY_URL/mcp to Entra ID yet:
docs/mcp.md says what to do, and what works without.
END
cat <<END

The proxy is at $PROXY_URL. Next:
  1. Let somebody ask for checks, by assigning the role Check.Request (here: to yourself):
       scripts/assign-role.sh $ENTRA_CLIENT_ID Check.Request "\$(az ad signed-in-user show --query id --output tsv)"
  2. See that everything answers, once the app is deployed:
       curl -s $PROXY_URL/api/health/ready
  3. Ask who you are to the proxy:
       curl -s $PROXY_URL/api/me -H "Authorization: Bearer \$(az account get-access-token --resource api://$ENTRA_CLIENT_ID --query accessToken --output tsv)"
END
[ -n "$for_owner" ] || exit 0
cat <<END

The app registration $ENTRA_CLIENT_ID belongs to somebody else. Ask its owner, or an Application Administrator, to run
this once, in Cloud Shell or any other POSIX shell; in a clone of this repository the same is
scripts/entra-app.sh federate $ENTRA_CLIENT_ID $IDENTITY_PRINCIPAL_ID
       $for_owner
It lets the platform's sign-in, which stands before the proxy, act for the registration. Calls that bring a token do not
need it.
END
