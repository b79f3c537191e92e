"""One check by Python's own library, as it is: settings from the environment, the result or the error as JSON."""
import json
import os
import time

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.mgmt.network import NetworkManagementClient


class Credential:
    def get_token(self, *scopes, **kwargs):
        return AccessToken(os.environ["TOKEN"], int(time.time()) + 3600)


asked = json.loads(os.environ["ASKED"])
client = NetworkManagementClient(
    Credential(),
    asked["subscription"],
    base_url=os.environ["URL"],
    credential_scopes=["api://proxy/.default"],
)
try:
    poller = client.network_watchers.begin_check_connectivity(asked["group"], asked["name"], asked["parameters"])
    result = poller.result()
    print(json.dumps({"result": {"connectionStatus": result.connection_status, "hops": len(result.hops)}}))
except HttpResponseError as error:
    print(json.dumps({"status": error.status_code, "code": error.error.code if error.error else None}))
