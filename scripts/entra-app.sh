#!/bin/sh
# The app registration that callers ask tokens for. Run it as often as you like: it makes what is missing, and keeps the
# app roles and pre-authorized clients that you added.
#
#   scripts/entra-app.sh register <name>                 prints the client id
#   scripts/entra-app.sh page <client id> <public URL>    lets people sign in on the proxy's page
#   scripts/entra-app.sh mcp <client id> <public URL>     lets clients of MCP ask for tokens by the proxy's address; exits
#                                                         with 3 where its domain is not a verified one of the tenant
#   scripts/entra-app.sh federate <client id> <object id> lets the managed identity of that object id sign in for it;
#                                                         prints the command for its owner, and exits with 3, where you may not
#
# Needs az, signed in as somebody who may register applications, or owns this one, and node.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
graph="$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv | sed 's:/*$::')/v1.0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# call METHOD PATH [BODY]: creates what is not there yet, as Microsoft Graph does on PATCH with this header.
call() {
  if [ $# -eq 3 ]; then
    printf '%s' "$3" >"$work/body.json"
    az rest --method "$1" --url "$graph/$2" --headers Content-Type=application/json Prefer=create-if-missing \
      --body "@$work/body.json" --output json
  else
    az rest --method "$1" --url "$graph/$2" --output json
  fi
}

# Entra ID takes some seconds until everybody sees what was made: tried again for half a minute.
settled() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 15 ] || return 1
    sleep 2
  done
}

register() {
  app="applications(uniqueName='$1')"
  call PATCH "$app" "{\"displayName\":\"$1\"}" >/dev/null
  settled call GET "$app" >"$work/app.json"
  # Scopes must exist before a client can be pre-authorized for them: two steps.
  for part in registration clients; do
    call PATCH "$app" "$(node "$here/entra-app.js" "$part" "$work/app.json")" >/dev/null
  done
  client=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).appId' "$work/app.json")
  # Tokens are for those only who have been assigned a role.
  settled call PATCH "servicePrincipals(appId='$client')" '{"appRoleAssignmentRequired":true}' >/dev/null
  printf '%s\n' "$client"
}

page() {
  call GET "applications(appId='$1')" >"$work/app.json"
  call PATCH "applications(appId='$1')" "$(node "$here/entra-app.js" page "$work/app.json" "$2")" >/dev/null
}

mcp() {
  call GET "applications(appId='$1')" >"$work/app.json"
  ! call PATCH "applications(appId='$1')" "$(node "$here/entra-app.js" mcp "$work/app.json" "$2")" >/dev/null 2>"$work/error" ||
    return 0
  grep -Eqi 'HostNameNotOnVerifiedDomain|verified domain' "$work/error" || { cat "$work/error" >&2; return 1; }
  printf '%s\n' "The domain of $2 is not a verified one of the tenant: see docs/mcp.md for what to do instead." >&2
  return 3
}

federate() {
  issuer="$(az cloud show --query endpoints.activeDirectory --output tsv | sed 's:/*$::')"
  tenant=$(az account show --query tenantId --output tsv)
  credential="applications(appId='$1')/federatedIdentityCredentials(name='function-app-sign-in')"
  body="{\"issuer\":\"$issuer/$tenant/v2.0\",\"subject\":\"$2\",\"audiences\":[\"api://AzureADTokenExchange\"]}"
  # Where it is there already, nobody needs a permission: an upgrade of an installation whose registration is another's.
  [ "$(az rest --method get --url "$graph/$credential" --query subject --output tsv 2>/dev/null)" != "$2" ] || return 0
  ! call PATCH "$credential" "$body" >/dev/null 2>"$work/error" || return 0
  grep -Eq 'Forbidden|Authorization_RequestDenied' "$work/error" || { cat "$work/error" >&2; return 1; }
  printf '%s\n' "az rest --method patch --url \"$graph/$credential\" --headers Content-Type=application/json Prefer=create-if-missing --body '$body'"
  return 3
}

case "${1-} $#" in
  'register 2') register "$2" ;;
  'page 3') page "$2" "$3" ;;
  'mcp 3') mcp "$2" "$3" ;;
  'federate 3') federate "$2" "$3" ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
