#!/bin/sh
# Gives a user, a group or an application (its object id) one of the proxy's app roles; once given, nothing changes.
#
#   scripts/assign-role.sh <client id> Check.Request|Audit.Read|Check.Admin <object id>
set -eu
[ $# -eq 3 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
graph="$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv | sed 's:/*$::')/v1.0"
principal="servicePrincipals(appId='$1')"
role=$(az rest --method get --url "$graph/$principal" --query "appRoles[?value=='$2'].id" --output tsv)
[ -n "$role" ] || { echo "The app registration has no role $2: run scripts/entra-app.sh register again." >&2; exit 1; }
resource=$(az rest --method get --url "$graph/$principal" --query id --output tsv)
given=$(az rest --method get --url "$graph/$principal/appRoleAssignedTo?\$top=999" \
  --query "value[?principalId=='$3' && appRoleId=='$role'].id" --output tsv)
[ -z "$given" ] || exit 0
az rest --method post --url "$graph/$principal/appRoleAssignedTo" --headers Content-Type=application/json \
  --body "{\"principalId\":\"$3\",\"resourceId\":\"$resource\",\"appRoleId\":\"$role\"}" --output none
