#!/bin/sh
# Who has which of the proxy's app roles: users, groups and applications, each by its object id.
#
#   scripts/assign-role.sh <client id> Check.Request|Audit.Read|Check.Admin <object id>...  gives it; once given, nothing changes
#   scripts/assign-role.sh take <client id> Check.Request|Audit.Read|Check.Admin <object id>...
#   scripts/assign-role.sh list <client id>                                                role, kind, name, object id
#
# Needs az, signed in as an owner of the enterprise application or as Cloud Application Administrator; anybody may list.
set -eu
verb=give
case "${1-}" in list | take) verb=$1 && shift ;; esac
if [ "$verb" = list ] && [ $# -ne 1 ] || [ "$verb" != list ] && [ $# -lt 3 ]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
graph="$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv | sed 's:/*$::')/v1.0"
app="$graph/servicePrincipals(appId='$1')"

# get URL QUERY: of all pages, as lines.
get() {
  url=$1
  while [ -n "$url" ]; do
    az rest --method get --url "$url" --query "$2" --output tsv
    url=$(az rest --method get --url "$url" --query '"@odata.nextLink"' --output tsv)
  done
}

if [ "$verb" = list ]; then
  {
    az rest --method get --url "$app" --query 'appRoles[].[id, value]' --output tsv
    get "$app/appRoleAssignedTo?\$top=999" 'value[].[appRoleId, principalType, principalDisplayName, principalId]'
  } | awk -F '\t' -v OFS='\t' 'NF == 2 { role[$1] = $2; next } NF { $1 = role[$1]; print }' | sort
  exit 0
fi

role=$(az rest --method get --url "$app" --query "appRoles[?value=='$2'].id" --output tsv)
[ -n "$role" ] || { echo "The app registration has no role $2: run scripts/entra-app.sh register again." >&2; exit 1; }
resource=$(az rest --method get --url "$app" --query id --output tsv)
shift 2
for principal; do
  given=$(get "$app/appRoleAssignedTo?\$top=999" "value[?principalId=='$principal' && appRoleId=='$role'].id")
  if [ "$verb" = take ]; then
    [ -z "$given" ] || az rest --method delete --url "$app/appRoleAssignedTo/$given" --output none
  elif [ -z "$given" ]; then
    az rest --method post --url "$app/appRoleAssignedTo" --headers Content-Type=application/json \
      --body "{\"principalId\":\"$principal\",\"resourceId\":\"$resource\",\"appRoleId\":\"$role\"}" --output none
  fi
done
