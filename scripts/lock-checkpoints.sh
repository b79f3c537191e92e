#!/bin/sh
# Locks the immutability of the audit's checkpoints: from then on nobody, Microsoft's support included, can shorten it or
# take it away. The deployment made the policy; it cannot lock it.
set -eu
policy() {
  az storage container immutability-policy "$@" --account-name "$STORAGE_ACCOUNT_NAME" --container-name audit-checkpoints \
    --resource-group "$AZURE_RESOURCE_GROUP"
}
state=$(policy show --query state --output tsv)
[ "$state" != Locked ] || exit 0
if [ -z "$state" ]; then
  policy create --period "$CHECKPOINT_RETENTION_DAYS" --allow-protected-append-writes false --output none
fi
policy lock --if-match "$(policy show --query etag --output tsv)" --output none
